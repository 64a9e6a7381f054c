import type pg from 'pg'
import { toError } from '../../core/errors.ts'
import { connectionOf } from '../send-together.ts'

/** Rows travel in messages of their own, most of them small: a page of this size is one turn for whoever takes it. */
const PAGE_BYTES = 1024 * 1024
/** Pages that wait for their taker; with them the server is asked to pause. */
const MOST_WAITING = 2

/**
 * What a `copy … to stdout` sends, in pages that end where a row ends. No faster than pages are taken. Who stops taking them before the
 * end loses the connection: what the server still has to say would otherwise have to be heard out.
 */
export async function* copyPages(client: pg.ClientBase, text: string): AsyncGenerator<Buffer, void> {
  const copy = new CopyPages(text, client)
  let isOver = false
  client.query(copy)
  try {
    for (;;) {
      const page = await copy.next()
      if (page === undefined) break
      yield page
    }
    isOver = true
  } catch (thrown) {
    isOver = true
    throw thrown
  } finally {
    if (!isOver)
      connectionOf(client).stream.destroy(
        new Error('connection terminated: its rows were not wanted any more'),
      )
  }
}

/** What the driver calls while the statement runs. Its chunks are views of memory that it uses again. */
class CopyPages implements pg.Submittable {
  readonly #text: string
  readonly #client: pg.ClientBase
  readonly #pages: Buffer[] = []
  #page = Buffer.allocUnsafe(PAGE_BYTES)
  #end = 0
  #isComplete = false
  #failure: Error | undefined
  #wake = () => {}

  constructor(text: string, client: pg.ClientBase) {
    this.#text = text
    this.#client = client
  }

  submit(connection: pg.Connection): void {
    connection.query(this.#text)
  }

  handleCopyData({ chunk }: { readonly chunk: Buffer }): void {
    if (chunk.length > this.#page.length - this.#end) this.#turn(chunk.length)
    this.#page.set(chunk, this.#end)
    this.#end += chunk.length
  }

  handleError(error: Error): void {
    this.#failure = toError(error)
    connectionOf(this.#client).stream.resume()
    this.#wake()
  }

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    this.#turn(0)
    this.#isComplete = true
    this.#wake()
  }

  /** The next page; undefined after the last. */
  async next(): Promise<Buffer | undefined> {
    while (this.#pages.length === 0 && this.#failure === undefined && !this.#isComplete) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#wake = resolve
      await promise
    }
    if (this.#failure !== undefined) throw this.#failure
    const page = this.#pages.shift()
    if (this.#pages.length < MOST_WAITING) connectionOf(this.#client).stream.resume()
    return page
  }

  #turn(wantedBytes: number): void {
    if (this.#end > 0) this.#pages.push(this.#page.subarray(0, this.#end))
    if (this.#pages.length >= MOST_WAITING) connectionOf(this.#client).stream.pause()
    if (wantedBytes > 0) this.#page = Buffer.allocUnsafe(Math.max(PAGE_BYTES, wantedBytes))
    this.#end = 0
    this.#wake()
  }
}
