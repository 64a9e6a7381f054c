import { fromBinary } from '@bufbuild/protobuf'
import { type CollectBatch, CollectBatchSchema } from '../gen/gleaner/plugin/v1/extension_pb.ts'

/** Field 1 of a CollectBatch, `resources`, with its wire type. */
const RESOURCES_TAG = 0x0a

/** A batch is split for the sake of memory: each resource costs an object here, and each scope several. */
const MAX_RESOURCES = 65_536
const MAX_NEWS_BYTES = 1_048_576

/** What a batch says besides its resources. */
export type BatchNews = Pick<CollectBatch, 'opened' | 'completed' | 'progress'>

export type ReadBatch = {
  /** Views of the batch, uncopied. */
  readonly resources: readonly Uint8Array[]
  readonly news: BatchNews | undefined
}

/**
 * Cuts a serialized CollectBatch into its resources. Only what is no resource is decoded by generated code, since that copies
 * each, and there are a thousand times as many. Throws on bytes that are no such message.
 */
export function readBatch(bytes: Uint8Array): ReadBatch {
  const resources: Uint8Array[] = []
  let at = 0
  while (at < bytes.length && bytes[at] === RESOURCES_TAG) {
    const { value: length, next } = readLength(bytes, at + 1)
    const end = next + length
    if (end > bytes.length) throw new Error('a resource of the batch is cut off')
    if (resources.length === MAX_RESOURCES) throw new Error(`more than ${MAX_RESOURCES} resources`)
    resources.push(bytes.subarray(next, end))
    at = end
  }
  if (at === bytes.length) return { resources, news: undefined }
  if (bytes.length - at > MAX_NEWS_BYTES) throw new Error(`more than ${MAX_NEWS_BYTES} bytes of other fields`)
  const news = fromBinary(CollectBatchSchema, bytes.subarray(at))
  return { resources: [...resources, ...news.resources], news }
}

/** A length as protobuf writes it: seven bits a byte, at most 32 bits in all. */
function readLength(bytes: Uint8Array, from: number): { readonly value: number; readonly next: number } {
  let value = 0
  for (let at = from, shift = 1; at < from + 5; at++, shift *= 128) {
    const byte = bytes[at]
    if (byte === undefined) break
    value += (byte & 0x7f) * shift
    if (byte < 0x80) return { value, next: at + 1 }
  }
  throw new Error('a length of the batch is cut off or too large')
}
