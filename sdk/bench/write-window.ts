import {
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
  type ServerInterceptor,
} from '@grpc/grpc-js'

/** Bytes of one call that may wait for the socket before the handler is held back. */
const WINDOW_BYTES = 256 * 1024

/**
 * Lets several messages of a call be on their way at once. grpc-js by itself hands the next message over only
 * when the last one has reached the socket: one system call a message. With a window Node writes what waits
 * in one go, which made a stream of 2.5 KB messages three to six times as fast.
 */
export const writeWindow: ServerInterceptor = (_, call) => new WindowedCall(call)

class WindowedCall extends ServerInterceptingCall {
  #waitingBytes = 0
  #resume: (() => void) | undefined

  constructor(call: ServerInterceptingCallInterface) {
    super(call)
  }

  override sendMessage(message: unknown, callback: () => void): void {
    const bytes = message instanceof Uint8Array ? message.length : 0
    this.#waitingBytes += bytes
    super.sendMessage(message, () => this.#written(bytes))
    if (this.#waitingBytes < WINDOW_BYTES) callback()
    else this.#resume = callback
  }

  #written(bytes: number): void {
    this.#waitingBytes -= bytes
    if (!this.#resume || this.#waitingBytes >= WINDOW_BYTES / 2) return
    const resume = this.#resume
    this.#resume = undefined
    resume()
  }
}
