import { isJsonObject, type JsonObject, type JsonValue } from './json.ts'

/** Lists of dotted keys in the order they are tried: the first rule with exactly one hit wins. */
export type MatchRules = readonly (readonly string[])[]

type ParsedMatchRules =
  | { readonly ok: true; readonly rules: MatchRules }
  | { readonly ok: false; readonly why: string }

const MAX_RULES = 16
const MAX_KEYS = 32
const MAX_KEY_LENGTH = 255

/**
 * Reads `{"1": ["reference.resource_id", …], "2": […]}`. Orders that are all integers are sorted as numbers.
 */
export function parseMatchRules(source: JsonObject | undefined): ParsedMatchRules {
  const orders = Object.keys(source ?? {})
  if (source === undefined || orders.length === 0) return refuse('it has none')
  if (orders.length > MAX_RULES) return refuse(`it has more than ${MAX_RULES}`)
  const rules: string[][] = []
  for (const order of sortOrders(orders)) {
    const keys = source[order]
    if (!isKeyList(keys))
      return refuse(`rule ${rules.length + 1} is not a list of 1 to ${MAX_KEYS} field names`)
    rules.push(keys)
  }
  return { ok: true, rules }
}

/**
 * The position, from 1, of the first rule none of whose keys has a value, or 0. Such a rule would match
 * everything of the domain, so the resource that brings it is refused.
 */
export function findEmptyRule(rules: MatchRules, lookUp: (key: string) => JsonValue | undefined): number {
  return rules.findIndex((keys) => keys.every((key) => isEmpty(lookUp(key)))) + 1
}

/** The value at a dotted path through objects and lists; own properties only. */
export function valueAt(source: JsonObject, path: string): JsonValue | undefined {
  let value: JsonValue | undefined = source
  for (const step of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = Array.isArray(value) ? value[Number(step)] : value[step]
  }
  return value
}

/** Nothing to compare with: absent, null, empty text, list or object. Zero and false are values. */
function isEmpty(value: JsonValue | undefined): boolean {
  if (value === undefined || value === null || value === '') return true
  if (Array.isArray(value)) return value.length === 0
  return isJsonObject(value) && Object.keys(value).length === 0
}

function sortOrders(orders: readonly string[]): string[] {
  const areIntegers = orders.every((order) => /^-?\d{1,15}$/.test(order))
  return areIntegers ? orders.toSorted((a, b) => Number(a) - Number(b)) : orders.toSorted()
}

function isKeyList(value: JsonValue | undefined): value is string[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_KEYS) return false
  return value.every((key) => typeof key === 'string' && key !== '' && key.length <= MAX_KEY_LENGTH)
}

function refuse(why: string): ParsedMatchRules {
  return { ok: false, why }
}
