import { FRAME_HEAD_BYTES } from '../grpc/frame.ts'
import type { ServerCall } from '../grpc/server-call.ts'
import { ByteBlock } from '../wire/byte-block.ts'
import type { ResourceSink } from './resource-sink.ts'

/**
 * Messages are handed to the connection in blocks of this size, since each hand-over costs as much as a
 * message.
 */
const BLOCK_BYTES = 64 * 1024

/**
 * Writes one message a resource, as the public protocol has it, and keeps the news to itself. A block that is
 * not full is sent as soon as the plugin waits for anything, so nobody waits for the next resource.
 */
export function createMessageSink(call: ServerCall): ResourceSink {
  const block = new ByteBlock(BLOCK_BYTES)
  const reuse = (sent: Buffer) => block.reuse(sent)
  let isTurnNoted = false

  const flush = () => {
    if (block.length > 0) call.write(block.take(), reuse)
  }
  const endOfTurn = () => {
    isTurnNoted = false
    flush()
  }
  return {
    resource: (message) => {
      if (block.length + message.length + FRAME_HEAD_BYTES > BLOCK_BYTES) flush()
      block.addFrame(message)
      if (isTurnNoted) return
      isTurnNoted = true
      setImmediate(endOfTurn)
    },
    news: () => {},
    whenReady: () => call.whenReady(),
    end: flush,
  }
}
