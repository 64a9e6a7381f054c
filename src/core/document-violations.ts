import type { JsonObject } from '@bufbuild/protobuf'
import { type GleanerError, InvalidParameter } from './errors.ts'

type DocumentLimits = { readonly maxBytes: number; readonly maxDepth: number }

/** For tags and what else people write about a thing. */
const DOCUMENT_LIMITS: DocumentLimits = { maxBytes: 64 * 1024, maxDepth: 16 }

/** What speaks against the size of a document; nothing of it is shown. */
export function documentViolations(
  key: string,
  document: JsonObject,
  { maxBytes, maxDepth }: DocumentLimits = DOCUMENT_LIMITS,
): GleanerError[] {
  const depth = depthOf(document)
  // Deeper ones may be too deep for JSON.stringify.
  if (depth > maxDepth)
    return [new InvalidParameter(key, `it is ${depth} levels deep, at most ${maxDepth} are stored`)]
  const bytes = Buffer.byteLength(JSON.stringify(document))
  if (bytes <= maxBytes) return []
  return [new InvalidParameter(key, `it takes ${bytes} bytes as JSON, at most ${maxBytes} are stored`)]
}

/** With a list of its own, because a hostile document may nest deeper than the call stack. */
function depthOf(document: JsonObject): number {
  let deepest = 0
  const rest: { readonly value: unknown; readonly depth: number }[] = [{ value: document, depth: 1 }]
  for (let node = rest.pop(); node !== undefined; node = rest.pop()) {
    const { value, depth } = node
    if (value === null || typeof value !== 'object') continue
    deepest = Math.max(deepest, depth)
    for (const child of Object.values(value)) rest.push({ value: child, depth: depth + 1 })
  }
  return deepest
}
