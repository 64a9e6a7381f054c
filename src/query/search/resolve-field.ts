import { editDistance } from '../../core/edit-distance.ts'
import type { Entity } from '../entity.ts'
import type { Condition } from './parse.ts'
import { SearchError } from './search-error.ts'
import type { SearchField, SearchFields } from './search-fields.ts'

/** What is searched: the entity, and the short names people have for its fields. */
export type Searched<View extends object> = { readonly entity: Entity<View>; readonly names: SearchFields }

/**
 * Finds the meaning of a field's name, short or as the API has it. An unknown one is refused with the nearest
 * known.
 */
export function resolveField<View extends object>(
  text: string,
  { entity, names }: Searched<View>,
  { field }: Condition,
): Exclude<SearchField, { kind: 'map' }> {
  const [first = '', ...rest] = field.text.split('.')
  const short = Object.hasOwn(names, first) ? names[first] : undefined
  if (short?.kind === 'map') {
    if (rest.join('.') !== '') return { kind: 'path', path: [short.path, ...rest].join('.') }
    throw new SearchError(text, field, `'${first}' without a key`, `write ${first}.KEY, as in ${first}.team`)
  }
  if (short !== undefined && rest.length === 0) return short
  if (Object.hasOwn(entity.fields, first)) return { kind: 'path', path: field.text }
  const known = [...Object.keys(names), ...Object.keys(entity.fields)]
  throw new SearchError(text, field, `unknown field '${shorten(field.text)}'`, advice(first, known, names))
}

function advice(name: string, known: readonly string[], names: SearchFields): string {
  const nearest = known
    .map((each) => ({ each, distance: editDistance(name.toLowerCase(), each) }))
    .sort((a, b) => a.distance - b.distance)[0]
  const quoting = 'quote the whole to look for it as text'
  if (nearest !== undefined && nearest.distance <= Math.min(2, name.length / 2)) {
    return `did you mean ${nearest.each}? Or ${quoting}`
  }
  return `there are ${Object.keys(names).join(', ')} and the API's own paths. Or ${quoting}`
}

function shorten(name: string): string {
  return name.length > 40 ? `${name.slice(0, 40)}…` : name
}
