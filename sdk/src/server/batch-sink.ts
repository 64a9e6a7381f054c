import { drained, type NewsField, type ResourceSink, type Writable } from './resource-sink.ts'

/** A batch is sent when it holds this much; a resource alone may be larger. */
const BATCH_BYTES = 64 * 1024

/** What waits this long is sent anyway, so that a slow provider's first resources are seen while it is asked for more. */
const FLUSH_AFTER_MS = 100

// CollectBatch: resources = 1, opened = 2, completed = 3, progress = 4.
const RESOURCES_TAG = 0x0a
const NEWS_TAGS = { opened: 0x12, completed: 0x1a, progress: 0x22 } as const satisfies Record<
  NewsField,
  number
>

/** Writes many resources a message, which spares both sides a message for each, and the news behind them. */
export function createBatchSink(call: Writable, signal: AbortSignal): ResourceSink {
  let resources: Buffer[] = []
  let news: Buffer[] = []
  let bytes = 0
  let timer: NodeJS.Timeout | undefined

  const flush = (): Promise<void> | undefined => {
    clearTimeout(timer)
    timer = undefined
    if (bytes === 0 || signal.aborted) return undefined
    const batch = Buffer.concat([...resources, ...news], bytes)
    resources = []
    news = []
    bytes = 0
    return call.write(batch) ? undefined : drained(call, signal)
  }
  const add = (list: Buffer[], tag: number, message: Buffer) => {
    const head = fieldHead(tag, message.length)
    list.push(head, message)
    bytes += head.length + message.length
    if (bytes >= BATCH_BYTES) return flush()
    timer ??= setTimeout(flush, FLUSH_AFTER_MS)
    return undefined
  }
  return {
    resource: (message) => add(resources, RESOURCES_TAG, message),
    news: (field, message) => add(news, NEWS_TAGS[field], message),
    end: () => void flush(),
  }
}

function fieldHead(tag: number, length: number): Buffer {
  const bytes = [tag]
  let rest = length
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80)
  return Buffer.from([...bytes, rest])
}
