import type { ServerWritableStream } from '@grpc/grpc-js'

export type Writable = Pick<ServerWritableStream<unknown, Buffer>, 'write' | 'once'>

export type NewsField = 'opened' | 'completed' | 'progress' | 'calls' | 'forecast'

/** Where a collect call writes to. Each function returns a promise when the reader is behind, and nothing when it is not. */
export type ResourceSink = {
  /** Takes one encoded `ResourceInfo`. */
  readonly resource: (message: Buffer) => Promise<void> | undefined
  /** Takes one encoded `Scope`, `Progress`, `ApiCalls` or `Forecast`. */
  readonly news: (field: NewsField, message: Buffer) => Promise<void> | undefined
  /** Sends what waits. Call it at the end, and only when the call ends well or by the plugin's own failure. */
  readonly end: () => void
}

/** Writes one message a resource, as the public protocol has it, and keeps the news to itself. */
export function createMessageSink(call: Writable, signal: AbortSignal): ResourceSink {
  return {
    resource: (message) => (call.write(message) ? undefined : drained(call, signal)),
    news: () => undefined,
    end: () => {},
  }
}

/** After a cancellation grpc-js never drains, so the wait ends with the signal as well. */
export function drained(call: Writable, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      signal.removeEventListener('abort', done)
      resolve()
    }
    call.once('drain', done)
    signal.addEventListener('abort', done)
  })
}
