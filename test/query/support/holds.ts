import { isDeepStrictEqual } from 'node:util'
import { elements, type Found, find, isList, type Parts, walk } from './found.ts'
import { instantOf, relativeInstant } from './instant.ts'
import type { Condition, Json, SampleDocument } from './sample-document.ts'

/** Whether a condition holds for a document, by the rules of the language. */
export function holds(document: SampleDocument, { key, operator, value }: Condition, now: Date): boolean {
  const found = find(document, key)
  const values = isList(value) ? value : [value]
  switch (operator) {
    case 'eq':
      return isEqual(found, value)
    case 'not':
      return !isEqual(found, value)
    case 'in':
      return values.some((one) => isEqual(found, one))
    case 'not_in':
      return !values.some((one) => isEqual(found, one))
    case 'contain':
    case 'contain_in':
      return values.some((one) => contains(found, one))
    case 'not_contain':
    case 'not_contain_in':
      return !values.some((one) => contains(found, one))
    case 'exists':
      return exists(found) === value
    case 'match':
      return matches(found, value)
    case 'regex':
    case 'regex_in':
      return values.some((one) => texts(found).some((text) => new RegExp(String(one), 'is').test(text)))
    default:
      return compares(found, operator, value, now)
  }
}

function isEqual(found: Found, value: Json): boolean {
  if (value === null) return isAbsent(found)
  switch (found.type) {
    case 'json':
      return elements(found.values).some((one) => isDeepStrictEqual(one, value))
    case 'number':
      // A whole number may be written as text, for the digits a double does not hold.
      return found.values.some((one) => String(one) === String(value))
    case 'boolean':
      return found.values.some((one) => String(one) === String(value))
    case 'instant':
      return found.values.some((one) => one === instantOf(String(value)))
    default:
      return found.values.some((one) => one === value)
  }
}

/** Something is there, perhaps null in JSON; empty text beside JSON is nothing. */
function exists({ type, values }: Found): boolean {
  return type === 'text' ? values.some((text) => text !== '') : values.length > 0
}

function isAbsent(found: Found): boolean {
  return !exists(found) || (found.type === 'json' && elements(found.values).includes(null))
}

function contains(found: Found, value: Json): boolean {
  const isText = found.type === 'text' || found.type === 'json'
  if (!isText || typeof value !== 'string') return isEqual(found, value)
  return texts(found).some((text) => text.toLowerCase().includes(value.toLowerCase()))
}

function texts(found: Found): readonly string[] {
  const values = found.type === 'json' ? elements(found.values) : found.values
  return values.filter((one) => typeof one === 'string')
}

/** One object holds all pairs. */
function matches(found: Found, pairs: Json): boolean {
  return partsOf(found).some((parts) =>
    Object.entries(pairs ?? {}).every(([path, value]) => isEqual(parts(path), value)),
  )
}

function partsOf(found: Found): readonly Parts[] {
  if (found.type === 'objects') return found.values
  if (found.type !== 'json') return []
  const objects = elements(found.values).filter(
    (one) => typeof one === 'object' && one !== null && !isList(one),
  )
  return objects.map((one) => (path) => ({ type: 'json', values: walk(one, path.split('.')) }))
}

function compares(found: Found, operator: string, value: Json, now: Date): boolean {
  const [, kind, sign = ''] = /^(?:(datetime|timediff)_)?(lte?|gte?)$/.exec(operator) ?? []
  const isOrdered = ORDERS[sign]
  if (isOrdered === undefined) throw new Error(`there is no operator '${operator}'`)
  if (kind === undefined && found.type !== 'instant') {
    if (found.type === 'number') return found.values.some((one) => isOrdered(orderOfNumbers(one, value)))
    const values = found.type === 'json' ? elements(found.values) : found.values
    return values.some((one) => typeof one === typeof value && isOrdered(order(one, value)))
  }
  const bound = kind === 'timediff' ? relativeInstant(String(value), now) : instantOf(String(value))
  const instants = found.type === 'instant' ? found.values : texts(found).map(instantOf)
  return instants.some((one) => one !== undefined && isOrdered(order(one, bound)))
}

const ORDERS: Readonly<Record<string, (order: number) => boolean>> = {
  lt: (order) => order < 0,
  lte: (order) => order <= 0,
  gt: (order) => order > 0,
  gte: (order) => order >= 0,
}

function orderOfNumbers(one: number | bigint, value: Json): number {
  return typeof one === 'bigint' ? order(one, BigInt(String(value))) : order(one, Number(value))
}

/** Two texts by the numbers of their characters, or two numbers. */
export function order(one: unknown, other: unknown): number {
  if (one === other) return 0
  return isBefore(one, other) ? -1 : 1
}

function isBefore(one: unknown, other: unknown): boolean {
  const [first, second] = [one, other] as readonly [string, string]
  return first < second
}
