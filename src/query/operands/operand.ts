import type { Comparand } from '../value.ts'

export type Comparison = '<' | '<=' | '>' | '>='

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
}

/** A predicate that never holds. */
export const NEVER = 'false'
