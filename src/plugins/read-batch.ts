import { fromBinary } from '@bufbuild/protobuf'
import { type MessageBlock, toBlock } from '../core/message-block.ts'
import { type CollectBatch, CollectBatchSchema } from '../gen/gleaner/plugin/v1/extension_pb.ts'

/** Field 1 of a CollectBatch, `resources`, with its wire type. */
const RESOURCES_TAG = 0x0a

/** A batch is split for the sake of memory: each resource costs an object here, and each scope several. */
const MAX_RESOURCES = 65_536
const MAX_REPORT_BYTES = 1_048_576

/** What a batch says besides its resources. */
export type BatchReport = Pick<CollectBatch, 'opened' | 'completed' | 'progress' | 'calls' | 'forecast'>

export type ReadBatch = {
  /** Where they lie in the batch, uncopied. */
  readonly resources: readonly MessageBlock[]
  readonly report: BatchReport | undefined
}

/**
 * Cuts a serialized CollectBatch into its resources. Only what is no resource is decoded by generated code,
 * since that copies each, and there are a thousand times as many. The batch is what lies from `start` to
 * `stop`. Throws on bytes that are no such message.
 */
export function readBatch(bytes: Uint8Array, start = 0, stop = bytes.length): ReadBatch {
  const bounds: number[] = []
  let at = start
  while (at < stop && bytes[at] === RESOURCES_TAG) {
    const { value: length, next } = readLength(bytes, at + 1, stop)
    const end = next + length
    if (end > stop) throw new Error('a resource of the batch is cut off')
    if (bounds.length === 2 * MAX_RESOURCES) throw new Error(`more than ${MAX_RESOURCES} resources`)
    bounds.push(next, end)
    at = end
  }
  const resources = bounds.length === 0 ? [] : [{ bytes, bounds }]
  if (at === stop) return { resources, report: undefined }
  if (stop - at > MAX_REPORT_BYTES) throw new Error(`more than ${MAX_REPORT_BYTES} bytes of other fields`)
  const report = fromBinary(CollectBatchSchema, bytes.subarray(at, stop))
  return { resources: [...resources, ...report.resources.map(toBlock)], report }
}

/** A length as protobuf writes it: seven bits a byte, at most 32 bits in all. */
function readLength(
  bytes: Uint8Array,
  from: number,
  stop: number,
): { readonly value: number; readonly next: number } {
  let value = 0
  for (let at = from, shift = 1; at < Math.min(from + 5, stop); at++, shift *= 128) {
    const byte = bytes[at]
    if (byte === undefined) break
    value += (byte & 0x7f) * shift
    if (byte < 0x80) return { value, next: at + 1 }
  }
  throw new Error('a length of the batch is cut off or too large')
}
