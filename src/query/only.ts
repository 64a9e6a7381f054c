import type { Entity, Field } from './entity.ts'
import { resolvePath } from './path.ts'
import { refuse } from './refuse.ts'

/** A field to read, and which paths inside it to keep; none keeps all of it. */
export type Selected = {
  readonly names: readonly string[]
  readonly field: Exclude<Field, { kind: 'object' }>
  readonly keep: readonly (readonly string[])[]
}

/**
 * The fields that `only` names, those of `minimal`, or all. `only` wins over `minimal`; a parent absorbs its
 * children.
 */
export function selectFields<View extends object>(
  entity: Entity<View>,
  {
    only,
    minimal,
    place,
  }: { readonly only: readonly string[]; readonly minimal: boolean; readonly place: string },
): readonly Selected[] {
  if (only.length > MAX_ONLY) refuse(place, `it names ${only.length} fields, at most ${MAX_ONLY} are read`)
  if (only.length > 0) return selectPaths(entity, only, place)
  if (minimal) return selectPaths(entity, entity.minimal, place)
  return leavesOf(entity.fields, [])
}

function selectPaths<View extends object>(
  entity: Entity<View>,
  paths: readonly string[],
  place: string,
): readonly Selected[] {
  const selected = new Map<string, Selected>()
  for (const [at, path] of paths.entries()) {
    for (const leaf of selectPath(entity, path, `${place}[${at}]`)) {
      const id = leaf.names.join('.')
      selected.set(id, merge(selected.get(id), leaf))
    }
  }
  return [...selected.values()]
}

function selectPath<View extends object>(
  entity: Entity<View>,
  path: string,
  place: string,
): readonly Selected[] {
  const { names, steps } = resolvePath(entity, path, place)
  let fields = entity.fields
  for (const [at, name] of names.entries()) {
    const field = fields[name]
    if (field === undefined) break
    const here = names.slice(0, at + 1)
    const below = [...names.slice(at + 1), ...steps]
    if (field.kind !== 'object') return [{ names: here, field, keep: below.length === 0 ? [] : [below] }]
    if (below.length === 0) return leavesOf(field.fields, here)
    fields = field.fields
  }
  return []
}

function leavesOf(fields: Readonly<Record<string, Field>>, parents: readonly string[]): readonly Selected[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const names = [...parents, name]
    return field.kind === 'object' ? leavesOf(field.fields, names) : [{ names, field, keep: [] }]
  })
}

function merge(before: Selected | undefined, added: Selected): Selected {
  if (before === undefined) return added
  const isWhole = before.keep.length === 0 || added.keep.length === 0
  return { ...added, keep: isWhole ? [] : [...before.keep, ...added.keep] }
}

const MAX_ONLY = 1_000
