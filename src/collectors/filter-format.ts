import type { JsonObject, JsonValue } from '@bufbuild/protobuf'
import { type GleanerError, InvalidParameter } from '../core/errors.ts'

/** What speaks against a filter: every key that the plugin's metadata does not declare. Metadata without `filter_format` declares none. */
export function filterViolations(filter: JsonObject, metadata: JsonObject): GleanerError[] {
  const declared = declaredKeys(metadata.filter_format)
  const known = declared.size === 0 ? 'none' : [...declared].join(', ')
  return Object.keys(filter)
    .filter((key) => !declared.has(key))
    .map((key) => {
      const reason = `the plugin does not filter by it; keys it knows: ${known}`
      return new InvalidParameter(`filter.${key}`, reason, 'ERROR_UNSUPPORTED_FILTER_KEY')
    })
}

// Metadata is the plugin's word: whatever is not `[{key: text}, …]` declares nothing.
function declaredKeys(format: JsonValue | undefined): ReadonlySet<string> {
  if (!Array.isArray(format)) return new Set()
  return new Set(format.map(keyOf).filter((key) => key !== undefined))
}

function keyOf(entry: JsonValue): string | undefined {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return undefined
  const key = entry.key
  return typeof key === 'string' ? key : undefined
}
