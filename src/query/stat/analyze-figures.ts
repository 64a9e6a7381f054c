import type { JsonObject, JsonValue } from '@bufbuild/protobuf'
import { quote, refuse } from '../refuse.ts'
import { readName } from './names.ts'
import type { GroupField, Named, Placed } from './stage.ts'

/**
 * Reads `fields` of an analyze query: figures by name, `{"total": {"operator": "sum", "key":
 * "instance_size"}}`.
 */
export function readFigures(fields: JsonObject, place: string): readonly GroupField[] {
  const figures = Object.entries(fields)
  if (figures.length > MAX_FIGURES) {
    refuse(place, `it has ${figures.length} figures, at most ${MAX_FIGURES} are computed`)
  }
  return figures.map(([name, figure]) => readFigure(readName(name, place), figure, `${place}.${name}`))
}

/** What a figure or a formula is written as. */
export type Members = { readonly key?: JsonValue; readonly operator?: JsonValue; readonly fields?: JsonValue }

/** The members of an object; anything else, and members without a meaning, are refused. */
export function readMembers(value: JsonValue | undefined, place: string): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse(place, `it must be an object with ${MEMBERS.join(', ')}`)
  }
  const unknown = Object.keys(value).find((name) => !MEMBERS.includes(name))
  if (unknown !== undefined) {
    refuse(place, `it has no member ${quote(unknown)}; there are ${MEMBERS.join(', ')}`)
  }
  return value
}

/** Text of a member; empty when it is absent. */
export function readText(value: JsonValue | undefined, place: string): string {
  if (value === undefined) return ''
  return typeof value === 'string' ? value : refuse(place, 'it must be text')
}

function readFigure(named: Named, figure: JsonValue, place: string): GroupField {
  const members = readMembers(figure, place)
  const operator = readText(members.operator, `${place}.operator`)
  const key = { path: readText(members.key, `${place}.key`), place: `${place}.key` }
  const fields = readCollected(members.fields, `${place}.fields`)
  if (operator === 'push' && key.path === '' && fields.length === 0) {
    refuse(place, 'push needs a key, or the fields that each object holds')
  }
  return {
    ...named,
    operator,
    operatorPlace: `${place}.operator`,
    key,
    fields,
    fieldsPlace: `${place}.fields`,
    conditions: [],
    conditionsPlace: place,
  }
}

function readCollected(
  value: JsonValue | undefined,
  place: string,
): readonly (Named & { readonly key: Placed })[] {
  if (value === undefined) return []
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse(place, 'it must be an object of paths by name')
  }
  const entries = Object.entries(value)
  if (entries.length > MAX_FIGURES) {
    refuse(place, `it has ${entries.length} entries, at most ${MAX_FIGURES} are looked at`)
  }
  return entries.map(([name, path]) => ({
    ...readName(name, place),
    key: { path: readText(path, `${place}.${name}`), place: `${place}.${name}` },
  }))
}

const MEMBERS: readonly string[] = ['operator', 'key', 'fields']
const MAX_FIGURES = 50
