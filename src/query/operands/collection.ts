import { refuse } from '../refuse.ts'
import { NEVER, type Operand, type Pair } from './operand.ts'

/** Conditions on a field of a collection's elements: they hold when they hold for any element. */
export function eachOperand(from: string, element: Operand): Operand {
  const any = (predicate: string): string => `exists (select 1 from ${from} and (${predicate}))`
  return {
    equals: (comparand) => any(element.equals(comparand)),
    isAbsent: () => `not ${any(element.exists())}`,
    exists: () => any(element.exists()),
    isIn: (comparands) => any(element.isIn(comparands)),
    containsAny: (comparands) => any(element.containsAny(comparands)),
    compare: (comparison, comparand) => any(element.compare(comparison, comparand)),
    compareInstant: (comparison, instant, place) => any(element.compareInstant(comparison, instant, place)),
    matchesPattern: (comparands) => any(element.matchesPattern(comparands)),
    matchesPairs: (pairs, place) => any(element.matchesPairs(pairs, place)),
  }
}

type WholeOptions = {
  /** Why its value cannot be compared. */
  readonly reason: string
  /** Whether there is one at all; undefined when there always is. */
  readonly exists: string | undefined
  readonly matchesPairs: (pairs: readonly Pair[], place: string) => string
}

/**
 * What is no single value: it can be asked whether it is there and what its parts are, the rest is refused.
 */
export function wholeOperand({ reason, exists, matchesPairs }: WholeOptions): Operand {
  const refuseWhole = ({ place }: { readonly place: string }): string => refuse(place, reason)
  const refuseAny = (comparands: readonly { readonly place: string }[]): string =>
    comparands[0] === undefined ? NEVER : refuseWhole(comparands[0])
  return {
    equals: refuseWhole,
    isAbsent: () => `not ${exists ?? 'true'}`,
    exists: () => exists ?? 'true',
    isIn: refuseAny,
    containsAny: refuseAny,
    compare: (_, comparand) => refuseWhole(comparand),
    compareInstant: (_, __, place) => refuse(place, reason),
    matchesPattern: refuseAny,
    matchesPairs,
  }
}
