import type { JsonValue } from '@bufbuild/protobuf'
import { isJsonObject } from '../decode/json.ts'
import { pastEntity } from './past-entity.ts'

/** Names of fields that hold a path, in conditions, orders and stages. */
const PATH_FIELDS = new Set(['k', 'key', 'path', 'distinct'])

/**
 * The paths that a query asks about, wherever they stand in it, and those in which words are looked for: all
 * that could change who is found, and in which figures. Names that a stage gave are among them, where it is
 * asked once more. Pure.
 */
export function askedPaths(query: JsonValue): readonly string[] {
  const hasWords = isJsonObject(query) && query.keyword !== undefined && query.keyword !== ''
  return [...pathsIn(query), ...(hasWords ? pastEntity.keywords : [])]
}

function pathsIn(query: JsonValue): readonly string[] {
  if (Array.isArray(query)) return query.flatMap(pathsIn)
  if (typeof query !== 'object' || query === null) return []
  return Object.entries(query).flatMap(([name, value]) => {
    if (PATH_FIELDS.has(name) && typeof value === 'string') return value === '' ? [] : [value]
    // Operands are no paths, though `match` takes objects.
    return name === 'v' || name === 'value' ? [] : pathsIn(value)
  })
}
