import type pg from 'pg'
import { copyIn } from './copy-in.ts'
import { copyOut, type TakeRow } from './copy-out.ts'
import type { QueryOptions, Transaction } from './database.ts'
import { runStatement } from './run-statement.ts'
import { sendTogether } from './send-together.ts'

export type Effect = () => void | Promise<void>

/** What waits for its turn; `run` never fails. Only plain statements may travel together. */
type Waiting = { readonly isStatement: boolean; readonly run: () => Promise<void> }

/**
 * Statements run in the order of the calls. Those that were asked for without waiting for one another's
 * answers leave together, and answer together: each answer is a turn for this process and for the server.
 * Once the callback has ended or the signal has fired, no further statement reaches the connection, which may
 * belong to somebody else by then.
 */
export class OpenTransaction implements Transaction {
  readonly effects: Effect[] = []
  readonly #client: pg.ClientBase
  readonly #waiting: Waiting[] = []
  #running: Promise<void> | undefined
  #ended: Error | undefined

  constructor(client: pg.ClientBase) {
    this.#client = client
  }

  query<Row extends object>(text: string, params?: readonly unknown[], options?: QueryOptions) {
    return this.#enqueue(true, () => runStatement<Row>(this.#client, text, params, options))
  }

  copyIn(text: string, pieces: Iterable<Uint8Array>): Promise<void> {
    return this.#enqueue(false, () => copyIn(this.#client, text, pieces))
  }

  copyOut(text: string, take: TakeRow): Promise<void> {
    return this.#enqueue(false, () => copyOut(this.#client, text, take))
  }

  #enqueue<T>(isStatement: boolean, ask: () => Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const run = () => (this.#ended === undefined ? ask() : Promise.reject(this.#ended)).then(resolve, reject)
    this.#waiting.push({ isStatement, run })
    this.#running ??= this.#runAll()
    return promise
  }

  async #runAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      await untilNobodyGoesOn()
      const next = this.#takeNext()
      await sendTogether(this.#client, next)
    }
    this.#running = undefined
  }

  /** All statements up to the first COPY, or one COPY. */
  #takeNext(): readonly (() => Promise<void>)[] {
    const end = this.#waiting.findIndex(({ isStatement }) => !isStatement)
    return this.#waiting.splice(0, end < 0 ? this.#waiting.length : Math.max(1, end)).map(({ run }) => run)
  }

  afterCommit(effect: Effect): void {
    this.effects.push(effect)
  }

  /** Lets no further statement in and waits for the one that runs. */
  async finish(): Promise<void> {
    this.end(new Error('the transaction has ended; a statement came after its callback returned'))
    await this.#running
  }

  end(reason: Error): void {
    this.#ended ??= reason
  }
}

/** What goes on by promises alone asks for its statements before this returns. */
function untilNobodyGoesOn(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve))
}
