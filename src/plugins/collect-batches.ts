import { toError } from '../core/errors.ts'
import type { MessageBlock } from '../core/message-block.ts'
import { CallError } from './grpc/call-error.ts'
import { status } from './grpc/status.ts'
import type { CollectObserver } from './plugin-connection.ts'
import { type BatchReport, type ReadBatch, readBatch } from './read-batch.ts'

/**
 * Reads a stream of serialized batches as one of resources, as the public protocol would have sent them. What
 * a batch says besides is told when its resources were pulled.
 */
export async function* collectBatches(
  stream: AsyncIterable<readonly MessageBlock[]>,
  observer: CollectObserver = {},
): AsyncGenerator<readonly MessageBlock[]> {
  for await (const batches of stream) {
    for (const { bytes, bounds } of batches) {
      for (let at = 0; at < bounds.length; at += 2) {
        const { resources, report } = cut(bytes, bounds[at], bounds[at + 1])
        if (resources.length > 0) yield resources
        if (report !== undefined) notify(observer, report)
      }
    }
  }
}

function cut(bytes: Uint8Array, start = 0, stop = bytes.length): ReadBatch {
  try {
    return readBatch(bytes, start, stop)
  } catch (error) {
    const why = toError(error).message
    const details = `ERROR_PLUGIN_REPLY: it sent ${stop - start} bytes that are no usable CollectBatch: ${why}`
    throw new CallError(status.FAILED_PRECONDITION, details)
  }
}

function notify(
  observer: CollectObserver,
  { opened, completed, progress, calls, forecast }: BatchReport,
): void {
  for (const scope of opened) observer.scopeOpened?.(scope)
  for (const scope of completed) observer.scopeCompleted?.(scope)
  if (progress !== undefined) observer.progressed?.(progress)
  for (const each of calls) observer.called?.(each)
  if (forecast !== undefined) observer.forecast?.(forecast)
}
