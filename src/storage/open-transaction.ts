import type pg from 'pg'
import { copyIn } from './copy-in.ts'
import { copyOut, type TakeRow } from './copy-out.ts'
import type { QueryOptions, Transaction } from './database.ts'
import { runStatement } from './run-statement.ts'

export type Effect = () => void | Promise<void>

/**
 * One statement at a time, in the order of the calls. Once the callback has ended or the signal has fired,
 * no further statement reaches the connection, which may belong to somebody else by then.
 */
export class OpenTransaction implements Transaction {
  readonly effects: Effect[] = []
  readonly #client: pg.ClientBase
  #last: Promise<unknown> = Promise.resolve()
  #ended: Error | undefined

  constructor(client: pg.ClientBase) {
    this.#client = client
  }

  query<Row extends object>(text: string, params?: readonly unknown[], options?: QueryOptions) {
    return this.#enqueue(() => runStatement<Row>(this.#client, text, params, options))
  }

  copyIn(text: string, pieces: Iterable<Uint8Array>): Promise<void> {
    return this.#enqueue(() => copyIn(this.#client, text, pieces))
  }

  copyOut(text: string, take: TakeRow): Promise<void> {
    return this.#enqueue(() => copyOut(this.#client, text, take))
  }

  #enqueue<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#last.then(() => {
      if (this.#ended) throw this.#ended
      return run()
    })
    this.#last = result.catch(() => {})
    return result
  }

  afterCommit(effect: Effect): void {
    this.effects.push(effect)
  }

  /** Lets no further statement in and waits for the one that runs. */
  async finish(): Promise<void> {
    this.end(new Error('the transaction has ended; a statement came after its callback returned'))
    await this.#last
  }

  end(reason: Error): void {
    this.#ended ??= reason
  }
}
