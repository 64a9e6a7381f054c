import type { Struct, Value } from '@bufbuild/protobuf/wkt'
import { refuse, storableText } from './refuse.ts'

/** A value of a condition, as plain JSON; every text in it can be stored. */
export type PlainValue = null | boolean | number | string | readonly PlainValue[] | PlainObject
export type PlainObject = { readonly [key: string]: PlainValue }

/** A value and where the caller wrote it. */
export type Comparand = { readonly value: PlainValue; readonly place: string }

/**
 * Reads a `google.protobuf.Value`, refusing what has no meaning: no value at all, NaN, infinities, text no
 * database holds.
 */
export function plainValue(message: Value, place: string, depth = 0): PlainValue {
  if (depth > MAX_DEPTH) refuse(place, `it is nested deeper than ${MAX_DEPTH} levels`)
  const { kind } = message
  switch (kind.case) {
    case 'nullValue':
      return null
    case 'boolValue':
      return kind.value
    case 'stringValue':
      return storableText(kind.value, place)
    case 'numberValue':
      if (!Number.isFinite(kind.value)) refuse(place, `${kind.value} is no number to compare with`)
      return kind.value
    case 'listValue': {
      const { values } = kind.value
      if (values.length > MAX_LIST)
        refuse(place, `the list has ${values.length} values, at most ${MAX_LIST} are looked at`)
      return values.map((element, at) => plainValue(element, `${place}[${at}]`, depth + 1))
    }
    case 'structValue':
      return plainObject(kind.value, place, depth)
    default:
      return refuse(place, 'a value is required; write null to look for what is absent')
  }
}

function plainObject({ fields }: Struct, place: string, depth: number): PlainObject {
  const copy: Record<string, PlainValue> = Object.create(null)
  for (const [key, element] of Object.entries(fields)) {
    copy[storableText(key, place)] = plainValue(element, `${place}.${key}`, depth + 1)
  }
  return copy
}

/** Whether it is an object or a list, not one value. */
export function isNested(value: PlainValue): value is readonly PlainValue[] | PlainObject {
  return typeof value === 'object' && value !== null
}

export function isObject(value: PlainValue): value is PlainObject {
  return isNested(value) && !Array.isArray(value)
}

/** What kind of value it is, for messages. */
export function kindOf(value: PlainValue): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return KIND_NAMES[typeof value] ?? 'an object'
}

const KIND_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'a boolean',
}
const MAX_LIST = 100_000
const MAX_DEPTH = 100
