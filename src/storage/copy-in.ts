import type pg from 'pg'
import { toError } from '../core/errors.ts'

/** First bytes of the messages of this direction of COPY. */
const COPY_DATA = 0x64
const COPY_DONE = Buffer.from([0x63, 0, 0, 0, 4])
/** Without a reason, which nobody reads. */
const COPY_FAIL = Buffer.from([0x66, 0, 0, 0, 5, 0])

/** Bytes in the format of COPY, in pieces that end anywhere. */
export type CopyPieces = Iterable<Uint8Array> | AsyncIterable<Uint8Array>

/**
 * Sends rows in the format of COPY, and waits until the server has stored them or refused one. The next piece of them is asked for
 * when the one before has left this process.
 */
export function copyIn(client: pg.ClientBase, text: string, pieces: CopyPieces): Promise<void> {
  return client.query(new CopyIn(text, pieces)).done
}

/**
 * What the driver calls while the statement runs. `pg-copy-streams` does the same for streams, but goes on writing to a connection
 * that it has let go of when the server refuses a row while others wait for the socket.
 */
class CopyIn implements pg.Submittable {
  readonly done: Promise<void>
  readonly #resolve: () => void
  readonly #reject: (reason: Error) => void
  readonly #text: string
  readonly #pieces: Iterator<Uint8Array> | AsyncIterator<Uint8Array>
  #hasFailed = false
  /** Why there is no next piece. */
  #cause: Error | undefined

  constructor(text: string, pieces: CopyPieces) {
    this.#text = text
    this.#pieces = Symbol.asyncIterator in pieces ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.done = promise
    this.#resolve = resolve
    this.#reject = reject
  }

  submit(connection: pg.Connection): void {
    connection.query(this.#text)
  }

  handleCopyInResponse(connection: pg.Connection): void {
    this.#send(connection.stream)
  }

  /** The server ignores what still comes after it has refused a row, so that the connection stays of use. */
  handleError(error: Error): void {
    this.#hasFailed = true
    this.#reject(this.#cause ?? error)
  }

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    this.#resolve()
  }

  #send(stream: pg.Connection['stream']): void {
    if (this.#hasFailed) return
    try {
      const next = this.#pieces.next()
      if (!('then' in next)) this.#write(stream, next)
      else next.then((piece) => this.#write(stream, piece)).catch((thrown) => this.#giveUp(stream, thrown))
    } catch (thrown) {
      this.#giveUp(stream, thrown)
    }
  }

  #write(stream: pg.Connection['stream'], next: IteratorResult<Uint8Array, unknown>): void {
    if (this.#hasFailed) return
    if (next.done) {
      stream.write(COPY_DONE)
      return
    }
    stream.cork()
    stream.write(frameOf(next.value))
    // A connection that is lost meanwhile tells `handleError`.
    stream.write(next.value, (lost) => lost || this.#send(stream))
    stream.uncork()
  }

  #giveUp(stream: pg.Connection['stream'], thrown: unknown): void {
    this.#cause = toError(thrown)
    if (!this.#hasFailed) stream.write(COPY_FAIL)
  }
}

function frameOf(piece: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(5)
  frame.writeUInt8(COPY_DATA, 0)
  frame.writeInt32BE(piece.length + 4, 1)
  return frame
}
