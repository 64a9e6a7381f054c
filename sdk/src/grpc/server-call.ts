import {
  constants,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2'
import { readTimeoutMs, toTrailers } from './headers.ts'
import { ACCEPTED_ENCODINGS, readRequest } from './read-request.ts'
import type { CallStatus } from './status.ts'

/** Bytes of one call that may wait for the socket before its handler should pause. */
const WINDOW_BYTES = 256 * 1024

/** A caller whose deadline has passed is given this long to read the rest. */
const LINGER_MS = 5_000

const HEADERS: OutgoingHttpHeaders = {
  ':status': 200,
  'content-type': 'application/grpc',
  'grpc-accept-encoding': ACCEPTED_ENCODINGS,
}

/** One call on the server's side: its request, what is written to it, and the status that ends it. */
export class ServerCall {
  readonly path: string
  /**
   * When the caller gives up, in milliseconds since 1970: Infinity when never, NaN when what it said cannot
   * be read.
   */
  readonly deadlineMs: number
  readonly #stream: ServerHttp2Stream
  readonly #encoding: string | undefined
  #trailers: OutgoingHttpHeaders | undefined
  #waitingBytes = 0
  #waiting: (() => void)[] = []

  constructor(stream: ServerHttp2Stream, headers: IncomingHttpHeaders) {
    this.path = headers[':path'] ?? ''
    this.deadlineMs = Date.now() + readTimeoutMs(headers['grpc-timeout'])
    this.#stream = stream
    this.#encoding = headers['grpc-encoding']?.toString()
    stream.on('wantTrailers', () => this.#sendTrailers())
    stream.once('close', () => this.#goOn())
  }

  get isOver(): boolean {
    return this.#trailers !== undefined || this.#stream.closed || this.#stream.destroyed
  }

  /** Calls back when the caller goes away before it was told a status. */
  onGone(listener: () => void): void {
    this.#stream.once('close', () => {
      if (this.#trailers === undefined) listener()
    })
  }

  readRequest(): Promise<Buffer> {
    return readRequest(this.#stream, this.#encoding)
  }

  /**
   * Sends framed messages, as many as there are in these bytes. They may be used anew when `onSent` is called
   * with them.
   */
  write(frames: Buffer, onSent?: (frames: Buffer) => void): void {
    if (this.isOver) return
    this.#open()
    this.#waitingBytes += frames.length
    this.#stream.write(frames, (error) => {
      this.#waitingBytes -= frames.length
      if (!error) onSent?.(frames)
      if (this.#waitingBytes <= WINDOW_BYTES / 2) this.#goOn()
    })
  }

  /** Nothing while the caller keeps up; else a promise that resolves when it has caught up, or has gone. */
  whenReady(): Promise<void> | undefined {
    if (this.#waitingBytes < WINDOW_BYTES || this.#stream.closed) return undefined
    return new Promise((resolve) => this.#waiting.push(resolve))
  }

  /** Ends the call, behind everything written; only the first status counts. */
  finish(status: CallStatus): void {
    if (this.isOver) return
    this.#trailers = toTrailers(status)
    if (!this.#stream.headersSent && status.status !== 'OK') {
      this.#stream.respond({ ...HEADERS, ...this.#trailers }, { endStream: true })
      this.#dropUnread()
    } else {
      this.#open()
      this.#stream.end()
    }
    if (status.status === 'DEADLINE_EXCEEDED') this.#linger()
  }

  #open(): void {
    if (!this.#stream.headersSent) this.#stream.respond(HEADERS, { waitForTrailers: true })
  }

  #sendTrailers(): void {
    this.#stream.sendTrailers(this.#trailers ?? {})
    this.#dropUnread()
  }

  /** A caller that still sends is told to stop. */
  #dropUnread(): void {
    if (this.#stream.readableEnded) return
    this.#stream.resume()
    this.#stream.close(constants.NGHTTP2_NO_ERROR)
  }

  #linger(): void {
    const timer = setTimeout(() => this.#stream.close(constants.NGHTTP2_CANCEL), LINGER_MS).unref()
    this.#stream.once('close', () => clearTimeout(timer))
  }

  #goOn(): void {
    const waiting = this.#waiting
    if (waiting.length === 0) return
    this.#waiting = []
    for (const resume of waiting) resume()
  }
}
