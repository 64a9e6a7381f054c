import type { MessagePort } from 'node:worker_threads'
import type { MessageBlock } from '../../core/message-block.ts'
import type { TraceHeaders } from '../../core/trace.ts'
import type { Declaration } from '../../coverage/index.ts'
import type { BatchSums, Part } from './store-part.ts'
import type { Thrown } from './thrown.ts'

/** What the thread is told: to store a part, of which it hears on a port of its own; or to end when all are stored. */
export type ThreadOrder =
  | { readonly kind: 'store'; readonly part: Part; readonly trace: TraceHeaders; readonly port: MessagePort }
  | { readonly kind: 'stop' }

/** What the thread hears of a part. */
export type PartNews =
  | ({ readonly kind: 'chunk' } & Chunk)
  | { readonly kind: 'end'; readonly declaration: Declaration }
  /** The stream failed; what was read until then is to be kept. */
  | { readonly kind: 'cut' }
  | { readonly kind: 'abort' }

/** What the thread says about a part. The last two are the end. */
export type PartReport =
  /** Has read a chunk, whose memory may be used again. */
  | { readonly kind: 'read'; readonly buffer: ArrayBuffer }
  | { readonly kind: 'batch'; readonly sums: BatchSums }
  | { readonly kind: 'stored' }
  | { readonly kind: 'failed'; readonly thrown: Thrown }

/** Messages one behind the other in memory that goes from thread to thread without being copied. */
export type Chunk = {
  readonly buffer: ArrayBuffer
  /** Where each message ends. */
  readonly ends: readonly number[]
}

/** Bytes of a chunk, but for a message that is longer. */
export const CHUNK_BYTES = 128 * 1024

/** Takes as many of the messages as fit from `from` on, at least one; `recycled` is used where it is large enough. */
export function packChunk(
  messages: readonly Uint8Array[],
  from: number,
  recycled: ArrayBuffer | undefined,
): Chunk {
  const ends: number[] = []
  let length = 0
  for (let at = from; at < messages.length; at++) {
    const end = length + (messages[at]?.length ?? 0)
    if (end > CHUNK_BYTES && ends.length > 0) break
    ends.push(end)
    length = end
  }
  const fits = recycled !== undefined && recycled.byteLength >= length
  const bytes = fits
    ? new Uint8Array(recycled)
    : new Uint8Array(new ArrayBuffer(Math.max(length, CHUNK_BYTES)))
  for (let at = 0; at < ends.length; at++) {
    const message = messages[from + at]
    if (message !== undefined) bytes.set(message, ends[at - 1] ?? 0)
  }
  return { buffer: bytes.buffer, ends }
}

/** The messages of a chunk, where they lie. */
export function unpackChunk({ buffer, ends }: Chunk): MessageBlock {
  return { bytes: Buffer.from(buffer), bounds: ends.flatMap((end, at) => [ends[at - 1] ?? 0, end]) }
}
