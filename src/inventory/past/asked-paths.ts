import type { JsonValue } from '@bufbuild/protobuf'

/** Names of fields that hold a path, in conditions, orders and stages. */
const PATH_FIELDS = new Set(['k', 'key', 'path', 'distinct'])

/**
 * The paths that a query asks about, wherever they stand in it: all that could change who is found, and in which figures. Names that
 * a stage gave are among them, where it is asked once more. Pure.
 */
export function askedPaths(query: JsonValue): readonly string[] {
  if (Array.isArray(query)) return query.flatMap(askedPaths)
  if (typeof query !== 'object' || query === null) return []
  return Object.entries(query).flatMap(([name, value]) => {
    if (PATH_FIELDS.has(name) && typeof value === 'string') return value === '' ? [] : [value]
    // Operands are no paths, though `match` takes objects.
    return name === 'v' || name === 'value' ? [] : askedPaths(value)
  })
}
