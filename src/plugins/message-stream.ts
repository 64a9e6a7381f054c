import { type ClientReadableStream, status } from '@grpc/grpc-js'

export type StreamOptions = {
  readonly maxBufferedBytes: number
  readonly silenceTimeoutMs: number
  /** Throws when the call was canceled from outside. */
  readonly assertWanted: () => void
}

/** Nothing came on a stream for too long. It looks like a failure of the transport, and is turned into words where those are. */
class StreamSilence extends Error {
  readonly code = status.DEADLINE_EXCEEDED
  readonly details: string
  constructor(timeoutMs: number) {
    const details = `ERROR_PLUGIN_TIMEOUT: it sent nothing for ${timeoutMs / 1_000} s`
    super(details)
    this.details = details
  }
}

/**
 * Reads a server stream as arrays of everything that has arrived since the last pull. At most `maxBufferedBytes` (plus one
 * message) wait here; then the stream is paused and the HTTP/2 window holds the sender. Only time spent
 * waiting counts as silence, so a slow reader never blames the plugin. Leaving the loop cancels the call.
 */
export async function* readMessages(
  call: ClientReadableStream<Buffer>,
  options: StreamOptions,
): AsyncGenerator<readonly Uint8Array[]> {
  const inbox = new Inbox(call, options.maxBufferedBytes)
  try {
    for (;;) {
      options.assertWanted()
      const messages = inbox.take()
      if (messages.length > 0) yield messages
      else if (inbox.failure !== undefined) throw inbox.failure
      else if (inbox.hasEnded) return
      else if (!(await inbox.wait(options.silenceTimeoutMs)))
        throw new StreamSilence(options.silenceTimeoutMs)
    }
  } finally {
    inbox.close()
  }
}

class Inbox {
  readonly #call: ClientReadableStream<Buffer>
  readonly #maxBytes: number
  #messages: Buffer[] = []
  #bytes = 0
  #wake: ((hasNews: boolean) => void) | undefined
  hasEnded = false
  failure: Error | undefined

  constructor(call: ClientReadableStream<Buffer>, maxBytes: number) {
    this.#call = call
    this.#maxBytes = maxBytes
    call.on('data', (message: Buffer) => this.#put(message))
    call.on('end', () => {
      this.hasEnded = true
      this.#news()
    })
    call.on('error', (error) => {
      this.failure = error
      this.#news()
    })
  }

  take(): readonly Buffer[] {
    const messages = this.#messages
    if (messages.length === 0) return messages
    this.#messages = []
    this.#bytes = 0
    if (this.#call.isPaused()) this.#call.resume()
    return messages
  }

  /** False when nothing happened within the time. */
  wait(timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#wake?.(false), timeoutMs)
      this.#wake = (hasNews) => {
        this.#wake = undefined
        clearTimeout(timer)
        resolve(hasNews)
      }
    })
  }

  close(): void {
    this.#messages = []
    this.#call.cancel()
    this.#call.resume()
  }

  #put(message: Buffer): void {
    this.#messages.push(message)
    this.#bytes += message.length
    if (this.#bytes >= this.#maxBytes) this.#call.pause()
    this.#news()
  }

  /** Wakes the reader after this turn of the event loop, so that it gets all that the turn brought and not one message at a time. */
  #news(): void {
    const wake = this.#wake
    if (wake === undefined) return
    this.#wake = undefined
    setImmediate(wake, true)
  }
}
