import { FieldBuffer, HEAD_BYTES } from '../wire/field-buffer.ts'
import { drained, type NewsField, type ResourceSink, type Writable } from './resource-sink.ts'

/** A batch holds no more than this, unless it is of one resource that is larger. */
const BATCH_BYTES = 64 * 1024

/** What waits this long is sent anyway, so that a slow provider's first resources are seen while it is asked for more. */
const FLUSH_AFTER_MS = 100

// CollectBatch: resources = 1, opened = 2, completed = 3, progress = 4, calls = 5, forecast = 6.
const RESOURCES_TAG = 0x0a
const NEWS_TAGS = {
  opened: 0x12,
  completed: 0x1a,
  progress: 0x22,
  calls: 0x2a,
  forecast: 0x32,
} as const satisfies Record<NewsField, number>

/** Writes many resources a message, which spares both sides a message for each, and the news behind them. */
export function createBatchSink(call: Writable, signal: AbortSignal): ResourceSink {
  const resources = new FieldBuffer(BATCH_BYTES)
  const news = new FieldBuffer(0)
  let timer: NodeJS.Timeout | undefined

  const flush = (): Promise<void> | undefined => {
    clearTimeout(timer)
    timer = undefined
    if (signal.aborted || resources.length + news.length === 0) return undefined
    if (news.length > 0) resources.append(news.take())
    return call.write(resources.take()) ? undefined : drained(call, signal)
  }
  const add = (fields: FieldBuffer, tag: number, message: Buffer) => {
    const isFull = resources.length + news.length + message.length > BATCH_BYTES - 2 * HEAD_BYTES
    const behind = isFull ? flush() : undefined
    fields.add(tag, message)
    timer ??= setTimeout(flush, FLUSH_AFTER_MS)
    return behind
  }
  return {
    resource: (message) => add(resources, RESOURCES_TAG, message),
    news: (field, message) => add(news, NEWS_TAGS[field], message),
    end: () => void flush(),
  }
}
