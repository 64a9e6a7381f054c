import { connect, type Socket } from 'node:net'
import { Duplex } from 'node:stream'
import type { MessageBlock } from '../../core/message-block.ts'
import { CallError } from './call-error.ts'
import { DataFrames } from './data-frames.ts'
import { MessagePages } from './message-pages.ts'

const HEAD = 9
const WINDOW_UPDATE = 8

type TapLimits = { readonly maxMessageBytes: number; readonly windowBytes: number }

/**
 * Takes the messages of a call off its connection before `node:http2` sees them, to which it leaves
 * everything else: there each 16 KiB are an event and an object, and more than half of what it costs to read
 * a message. Only for a connection with a single call, in plaintext.
 *
 * What the other side may send ahead is what `node:http2` has promised it: a window. It is given back here as
 * messages are taken.
 */
export class MessageTap {
  readonly #pages: MessagePages
  readonly #frames: DataFrames
  /** Bytes after which the other side hears that it may send so many more. */
  readonly #giveBackAt: number
  #socket: Socket | undefined
  #above: Duplex | undefined
  #isDropped = false
  #failure: CallError | undefined
  #onMessages: () => void = () => {}

  constructor(limits: TapLimits) {
    this.#pages = new MessagePages(limits)
    this.#frames = new DataFrames((bytes) => this.#above?.push(Buffer.from(bytes)))
    this.#giveBackAt = limits.windowBytes / 2
  }

  /** What is wrong with the messages behind those that are there. */
  get failure(): CallError | undefined {
    return this.#failure
  }

  get hasMessages(): boolean {
    return this.#pages.hasMessages
  }

  get isMidMessage(): boolean {
    return this.#pages.isMidMessage
  }

  /** Calls back when something of messages has come, or what is none. */
  listen(onMessages: () => void): void {
    this.#onMessages = onMessages
  }

  /** Hands out the messages there are; those that were handed out before are no longer good. */
  take(): MessageBlock[] {
    const blocks = this.#pages.turn()
    this.#giveBack()
    this.#readOn()
    return blocks
  }

  /** What still comes is not wanted. */
  drop(): void {
    this.#isDropped = true
    this.#frames.drop()
    this.#readOn()
  }

  /** Opens the connection; what is returned is what `node:http2` is to speak over. */
  connect(address: string): Duplex {
    const { hostname, port } = new URL(`http://${address}`)
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port || 80),
      noDelay: true,
      onread: {
        buffer: () => this.#pages.room,
        callback: (length, bytes) => this.#read(bytes.subarray(0, length)),
      },
    })
    const above = new Duplex({
      read() {},
      write: (chunk, _encoding, done) => void socket.write(chunk, done),
      writev: (chunks, done) => void socket.write(Buffer.concat(chunks.map(({ chunk }) => chunk)), done),
      final: (done) => void socket.end(done),
      destroy(error, done) {
        socket.destroy()
        done(error)
      },
    })
    socket.on('end', () => above.push(null))
    socket.on('error', (error) => above.destroy(error))
    socket.on('close', () => above.destroy())
    this.#socket = socket
    this.#above = above
    return above
  }

  #read(bytes: Uint8Array): boolean {
    if (this.#take(bytes)) this.#onMessages()
    // What is part of a message that is not complete has its place, however long the message becomes.
    if (!this.#pages.hasMessages) this.#giveBack()
    if (this.#pages.isFull && !this.#isDropped) this.#socket?.pause()
    return true
  }

  /** Whether there is something to tell. */
  #take(bytes: Uint8Array): boolean {
    try {
      return this.#pages.take(bytes, this.#frames) && this.#failure === undefined
    } catch (thrown) {
      if (!(thrown instanceof CallError)) throw thrown
      if (this.#failure !== undefined) return false
      this.#failure = thrown
      this.#frames.drop()
      return true
    }
  }

  #readOn(): void {
    const socket = this.#socket
    if (socket?.isPaused()) socket.resume()
  }

  /** Once in a half of a window, for the call and for the connection. */
  #giveBack(): void {
    const { received, streamId } = this.#frames
    const socket = this.#socket
    if (received < this.#giveBackAt || !socket?.writable) return
    this.#frames.received = 0
    const both = Buffer.alloc(2 * (HEAD + 4))
    for (const [at, id] of [streamId, 0].entries()) {
      const head = at * (HEAD + 4)
      both.writeUIntBE(4, head, 3)
      both.writeUInt8(WINDOW_UPDATE, head + 3)
      both.writeUInt32BE(id, head + 5)
      both.writeUInt32BE(received, head + HEAD)
    }
    socket.write(both)
  }
}
