import type { JsonValue } from '@bufbuild/protobuf'
import { isJsonObject } from '../decode/index.ts'
import type { Change } from '../diff.ts'

/**
 * The changes that history is to tell of: without those at or below a path that the collector's own document keeps out of it, as
 * `change_history.exclude` in the metadata of its provider. They are stored and counted like any other. Pure.
 */
export function recordedChanges(changes: readonly Change[], metadata: JsonValue): readonly Change[] {
  const excluded = isJsonObject(metadata) ? Object.values(metadata).flatMap(pathsIn) : []
  if (excluded.length === 0) return changes
  return changes.filter(({ p }) => !excluded.some((path) => p === path || p.startsWith(`${path}.`)))
}

function pathsIn(metadata: JsonValue): readonly JsonValue[] {
  const history = isJsonObject(metadata) ? metadata.change_history : undefined
  const paths = isJsonObject(history) ? history.exclude : undefined
  return Array.isArray(paths) ? paths : []
}
