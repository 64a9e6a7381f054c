import type pg from 'pg'
import { toError } from '../core/errors.ts'
import { COPY_HEADER_BYTES, COPY_TRAILER, readFields } from './row-writer.ts'

/**
 * Takes one row: its fields as the server sends them in binary, undefined for null. They are views, gone when
 * it returns.
 */
export type TakeRow = (...fields: readonly (Buffer | undefined)[]) => void

/** Hands over the rows of a COPY one by one as they arrive, and resolves when all have been taken. */
export function copyOut(client: pg.ClientBase, text: string, take: TakeRow): Promise<void> {
  return client.query(new CopyOut(text, take)).done
}

/**
 * What the driver calls while the statement runs. The server sends each row as a message of its own, the
 * first behind the header.
 */
class CopyOut implements pg.Submittable {
  readonly done: Promise<void>
  readonly #resolve: () => void
  readonly #reject: (reason: Error) => void
  readonly #text: string
  readonly #take: TakeRow
  #isBegun = false
  /** Why rows are not taken any more; what still comes of them is let go by. */
  #failure: Error | undefined

  constructor(text: string, take: TakeRow) {
    this.#text = text
    this.#take = take
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.done = promise
    this.#resolve = resolve
    this.#reject = reject
  }

  submit(connection: pg.Connection): void {
    connection.query(this.#text)
  }

  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    if (this.#failure !== undefined) return
    try {
      this.#takeRow(this.#isBegun ? chunk : chunk.subarray(COPY_HEADER_BYTES))
      this.#isBegun = true
    } catch (thrown) {
      this.#failure = toError(thrown)
    }
  }

  handleError(error: Error): void {
    this.#reject(error)
  }

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    if (this.#failure === undefined) this.#resolve()
    else this.#reject(this.#failure)
  }

  #takeRow(row: Buffer): void {
    const fieldCount = row.readInt16BE(0)
    if (fieldCount !== COPY_TRAILER) this.#take(...readFields(row.subarray(2), fieldCount))
  }
}
