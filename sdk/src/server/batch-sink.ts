import { FRAME_HEAD_BYTES } from '../grpc/frame.ts'
import type { ServerCall } from '../grpc/server-call.ts'
import { ByteBlock, FIELD_HEAD_BYTES } from '../wire/byte-block.ts'
import type { NewsField, ResourceSink } from './resource-sink.ts'

/** A batch holds no more than this, unless it is of one resource that is larger. */
const BATCH_BYTES = 64 * 1024

/**
 * What waits this long is sent anyway, so that a slow provider's first resources are seen while it is asked
 * for more.
 */
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
export function createBatchSink(call: ServerCall, signal: AbortSignal): ResourceSink {
  const batch = new ByteBlock(BATCH_BYTES)
  const news = new ByteBlock(0)
  const reuse = (sent: Buffer) => batch.reuse(sent)
  let timer: NodeJS.Timeout | undefined

  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    if (signal.aborted || batch.length === 0) return
    if (news.length > 0) batch.append(news.take())
    batch.closeFrame()
    call.write(batch.take(), reuse)
  }
  const add = (fields: ByteBlock, tag: number, message: Uint8Array) => {
    const gathered = FRAME_HEAD_BYTES + batch.length + news.length
    if (gathered + message.length + FIELD_HEAD_BYTES > BATCH_BYTES) flush()
    if (batch.length === 0) batch.openFrame()
    fields.addField(tag, message)
    timer ??= setTimeout(flush, FLUSH_AFTER_MS)
  }
  return {
    resource: (message) => add(batch, RESOURCES_TAG, message),
    news: (field, message) => add(news, NEWS_TAGS[field], message),
    whenReady: () => call.whenReady(),
    end: flush,
  }
}
