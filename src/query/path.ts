import type { ColumnField, DocumentField, Entity, Field, ListField, ObjectField } from './entity.ts'
import { quote, refuse, storableText } from './refuse.ts'

/** Where a dotted path leads: a field, and for documents the steps inside it. */
export type Target = {
  /** The path as the caller wrote it. */
  readonly path: string
  readonly field: ColumnField | ListField | DocumentField | ObjectField
  /** Names of the API from the top to `field`. */
  readonly names: readonly string[]
  /** Steps inside a document; empty for the whole. */
  readonly steps: readonly string[]
  /** The `from` of the collection the field is an element's field of. */
  readonly each?: string
}

/** A whole collection, or a field of its elements that is only shown: neither can be compared. */
export type CollectionTarget = {
  readonly path: string
  readonly field: Extract<Field, { kind: 'collection' }>
  readonly names: readonly string[]
  /** The shown field; empty for the whole. */
  readonly steps: readonly string[]
}

/** Finds what a path names in an entity, or refuses it with the names that exist. */
export function resolvePath<View extends object>(
  entity: Pick<Entity<View>, 'noun' | 'fields'>,
  path: string,
  place: string,
): Target | CollectionTarget {
  const segments = splitPath(path, place)
  let fields = entity.fields
  let each: string | undefined
  const names: string[] = []
  for (let at = 0; ; at++) {
    const name = segments[at] ?? ''
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined
    if (field === undefined) return refuseUnknown(entity.noun, path, names, fields, place)
    names.push(name)
    const rest = segments.slice(at + 1)
    if (field.kind === 'document') {
      return { path, field, names, steps: stepsInside(field, rest), ...(each === undefined ? {} : { each }) }
    }
    if (rest.length === 0) {
      if (field.kind === 'collection') return { path, field, names, steps: [] }
      return { path, field, names, steps: [], ...(each === undefined ? {} : { each }) }
    }
    if (field.kind === 'column' || field.kind === 'list') {
      return refuse(
        place,
        `${quote(names.join('.'))} is one value, it has no ${quote(rest.join('.'))} inside`,
      )
    }
    if (field.kind === 'collection') {
      if (field.shown.includes(rest.join('.'))) return { path, field, names, steps: rest }
      each = field.from
    }
    fields = field.fields
  }
}

function splitPath(path: string, place: string): readonly string[] {
  if (path === '') refuse(place, 'it is required, and was missing or empty')
  storableText(path, place, MAX_PATH_LENGTH)
  const segments = path.split('.')
  if (segments.length > MAX_SEGMENTS) {
    refuse(place, `it has ${segments.length} steps, at most ${MAX_SEGMENTS} are followed`)
  }
  if (segments.includes(''))
    refuse(place, `path ${quote(path)} has an empty step; write names with single dots between`)
  return segments
}

function stepsInside(field: DocumentField, rest: readonly string[]): readonly string[] {
  const { depth } = field
  if (depth === undefined || rest.length <= depth) return rest
  return [...rest.slice(0, depth - 1), rest.slice(depth - 1).join('.')]
}

function refuseUnknown(
  noun: string,
  path: string,
  parents: readonly string[],
  fields: Readonly<Record<string, Field>>,
  place: string,
): never {
  const where = parents.length === 0 ? `a ${noun}` : quote(parents.join('.'))
  return refuse(place, `${where} has no field ${quote(path)}; there are ${Object.keys(fields).join(', ')}`)
}

const MAX_PATH_LENGTH = 2_048
const MAX_SEGMENTS = 100
