import type { Writable } from 'node:stream'

/** Resolves when a stream that was full takes more, when it has closed, or when the signal ends. */
export function whenWritable(stream: Writable, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  if (stream.destroyed || signal.aborted || !stream.writableNeedDrain) return Promise.resolve()
  const done = () => {
    stream.off('drain', done).off('close', done)
    signal.removeEventListener('abort', done)
    resolve()
  }
  stream.on('drain', done).on('close', done)
  signal.addEventListener('abort', done)
  return promise
}
