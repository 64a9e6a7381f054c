import type { JsonValue } from '@bufbuild/protobuf'
import { isJsonObject } from '../../decode/index.ts'
import type { Change } from '../../diff.ts'

/**
 * The changes that history is to tell of: without those at or below a path that the collector's own document
 * keeps out of it, as `change_history.exclude` in the metadata of its provider. They are stored and counted
 * like any other. Pure.
 */
export function recordedChanges(changes: readonly Change[], metadata: JsonValue): readonly Change[] {
  const excluded = excludedPaths(metadata)
  if (excluded.length === 0) return changes
  return changes.filter(({ p }) => !excluded.some((path) => isAtOrBelow(p, path)))
}

/**
 * The paths that are kept out of history and have changed, so that what was there is not known any more.
 * Pure.
 */
export function unrecordedPaths(changes: readonly Change[], metadata: JsonValue): readonly string[] {
  const excluded = excludedPaths(metadata)
  const left = excluded.filter((path) => changes.some(({ p }) => isAtOrBelow(p, path)))
  return [...new Set(left)]
}

/** Whether a dotted path is another one, or leads into it. Pure. */
export function isAtOrBelow(path: string, above: string): boolean {
  return path === above || path.startsWith(`${above}.`)
}

function excludedPaths(metadata: JsonValue): readonly string[] {
  const named = isJsonObject(metadata) ? Object.values(metadata).flatMap(pathsIn) : []
  return named.filter((path) => typeof path === 'string')
}

function pathsIn(metadata: JsonValue): readonly JsonValue[] {
  const history = isJsonObject(metadata) ? metadata.change_history : undefined
  const paths = isJsonObject(history) ? history.exclude : undefined
  return Array.isArray(paths) ? paths : []
}
