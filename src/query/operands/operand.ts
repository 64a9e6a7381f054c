import type { Comparand } from '../value.ts'

export type Comparison = '<' | '<=' | '>' | '>='

/** A path inside an element of a list, and what must be found there. */
export type Pair = { readonly path: string; readonly comparand: Comparand }

/**
 * What conditions ask of a field, whatever it is stored as. Each method returns an SQL predicate; a predicate
 * that is null counts as false, so operators negate with `is not true`. Values the field cannot be compared
 * with are refused, naming their place.
 */
export type Operand = {
  /** SQL of the value, to order and to group by; undefined where there is not one value. */
  value?(): string
  /** Equal; for lists, that any element is. Never called with null. */
  equals(comparand: Comparand): string
  /** Null or missing. Proto3 cannot tell empty text from absent text, so neither does this. */
  isAbsent(): string
  /** Present in storage: for documents a stored null is present. */
  exists(): string
  /** Equal to one of the values. Called with 0 to 100,000 of them, none null; they become one parameter. */
  isIn(comparands: readonly Comparand[]): string
  /** Has any of these as substring, in any case; where the field is no text, equals one of them. */
  containsAny(comparands: readonly Comparand[]): string
  compare(comparison: Comparison, comparand: Comparand): string
  /** Before or after an instant; text is read as ISO 8601, and never matches when it is something else. */
  compareInstant(comparison: Comparison, instant: Date, place: string): string
  /** Text in which one of these regular expressions finds something, in any case. */
  matchesPattern(comparands: readonly Comparand[]): string
  /** One object, of perhaps many, in which all of the pairs are found. */
  matchesPairs(pairs: readonly Pair[], place: string): string
}

/** A predicate that never holds. */
export const NEVER = 'false'

/** Equality as callers mean it: null asks for what is absent. */
export function isEqual(operand: Operand, comparand: Comparand): string {
  return comparand.value === null ? operand.isAbsent() : operand.equals(comparand)
}

/** Why `match` cannot look at a field without objects in it. */
export const NO_OBJECTS = 'the field holds no objects, which match looks at; use eq or in'
