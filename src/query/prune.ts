/**
 * Keeps of a JSON value only what these paths lead to; a path runs through lists, and a number picks an
 * element.
 */
export function prune(value: unknown, paths: readonly (readonly string[])[]): unknown {
  if (paths.length === 0 || paths.some((path) => path.length === 0)) return value
  if (Array.isArray(value)) return pruneList(value, paths)
  if (typeof value !== 'object' || value === null) return undefined
  const kept: Record<string, unknown> = Object.create(null)
  for (const [key, below] of byFirstStep(paths)) {
    if (!Object.hasOwn(value, key)) continue
    const inside = prune(Reflect.get(value, key), below)
    if (inside !== undefined) kept[key] = inside
  }
  return Object.keys(kept).length === 0 ? undefined : kept
}

function pruneList(list: readonly unknown[], paths: readonly (readonly string[])[]): unknown {
  const indexed = byFirstStep(paths.filter(([step = '']) => /^\d+$/.test(step)))
  const named = paths.filter(([step = '']) => !/^\d+$/.test(step))
  const kept = list
    .map((element, at) => {
      const below = indexed.get(String(at))
      if (named.length > 0) return prune(element, [...named, ...(below ?? [])])
      return below === undefined ? undefined : prune(element, below)
    })
    .filter((element) => element !== undefined)
  return kept.length === 0 ? undefined : kept
}

function byFirstStep(paths: readonly (readonly string[])[]): Map<string, (readonly string[])[]> {
  const groups = new Map<string, (readonly string[])[]>()
  for (const [first = '', ...rest] of paths) groups.set(first, [...(groups.get(first) ?? []), rest])
  return groups
}
