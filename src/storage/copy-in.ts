import type pg from 'pg'

/**
 * Bytes of one message to the server, which stores what has come while the rest is under way; a socket of the machine holds
 * three of them.
 */
const PIECE_BYTES = 64 * 1024

/** First bytes of the messages of this direction of COPY. */
const COPY_DATA = 0x64
const COPY_DONE = Buffer.from([0x63, 0, 0, 0, 4])

/** Sends rows in the format of COPY, and waits until the server has stored them or refused one. */
export function copyIn(client: pg.ClientBase, text: string, rows: Buffer): Promise<void> {
  return client.query(new CopyIn(text, rows)).done
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
  readonly #rows: Buffer
  #sent = 0
  #hasFailed = false

  constructor(text: string, rows: Buffer) {
    this.#text = text
    this.#rows = rows
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
    this.#reject(error)
  }

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    this.#resolve()
  }

  #send(stream: pg.Connection['stream']): void {
    let isFlowing = true
    while (isFlowing && !this.#hasFailed && this.#sent < this.#rows.length) {
      const piece = this.#rows.subarray(this.#sent, this.#sent + PIECE_BYTES)
      this.#sent += piece.length
      stream.cork()
      stream.write(frameOf(piece))
      isFlowing = stream.write(piece)
      stream.uncork()
    }
    if (this.#hasFailed) return
    if (this.#sent === this.#rows.length) stream.write(COPY_DONE)
    else stream.once('drain', () => this.#send(stream))
  }
}

function frameOf(piece: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(5)
  frame.writeUInt8(COPY_DATA, 0)
  frame.writeInt32BE(piece.length + 4, 1)
  return frame
}
