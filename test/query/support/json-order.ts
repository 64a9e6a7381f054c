import type { Json } from './sample-document.ts'

/** How values of a field compare; absent ones come first. */
export type Kind = 'text' | 'number' | 'average' | 'bool' | 'instant' | 'list' | 'json'

/** The order of two values of a field of this kind. */
export function compareValues(one: Json, other: Json, kind: Kind): number {
  if (one === null || other === null) return Number(one !== null) - Number(other !== null)
  if (kind === 'json') return compareJson(one, other)
  if (kind === 'list') return compareLists(toList(one), toList(other))
  return compareScalars(one, other)
}

/**
 * The order of JSON values: text, numbers, booleans, lists, objects. The longer list or object is the larger
 * one; of equally long ones the first difference decides, for objects in the order of the lengths of their
 * keys. A list without elements comes before everything, but only when it is the whole value.
 */
export function compareJson(one: Json, other: Json): number {
  return Number(isEmptyList(other)) - Number(isEmptyList(one)) || compareInner(one, other)
}

function compareInner(one: Json, other: Json): number {
  const ranks = rankOf(one) - rankOf(other)
  if (ranks !== 0) return ranks
  if (isList(one) && isList(other)) {
    return one.length - other.length || firstDifference(one, other, compareInner)
  }
  if (isObject(one) && isObject(other)) {
    const [pairs, others] = [storedPairs(one), storedPairs(other)]
    return pairs.length - others.length || firstDifference(pairs.flat(), others.flat(), compareInner)
  }
  return compareScalars(one, other)
}

function compareLists(one: readonly Json[], other: readonly Json[]): number {
  return firstDifference(one, other, compareScalars) || one.length - other.length
}

function firstDifference(
  one: readonly Json[],
  other: readonly Json[],
  compare: (one: Json, other: Json) => number,
): number {
  for (const [at, value] of one.entries()) {
    const against = other[at]
    if (against === undefined) return 0
    const difference = compare(value, against)
    if (difference !== 0) return difference
  }
  return 0
}

function compareScalars(one: Json, other: Json): number {
  if (one === other) return 0
  return [one, other].map(Number).some(Number.isNaN) || typeof one === 'string'
    ? Number(String(one) > String(other)) * 2 - 1
    : Number(Number(one) > Number(other)) * 2 - 1
}

function storedPairs(object: { readonly [key: string]: Json }): [string, Json][] {
  return Object.entries(object).toSorted(
    ([one], [other]) => one.length - other.length || compareScalars(one, other),
  )
}

function rankOf(value: Json): number {
  if (value === null) return 0
  if (isList(value)) return 4
  return ['', 'string', 'number', 'boolean', '', 'object'].indexOf(typeof value)
}

function isEmptyList(value: Json): boolean {
  return isList(value) && value.length === 0
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value)
}

export function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !isList(value)
}

export function toList(value: Json): readonly Json[] {
  return isList(value) ? value : []
}
