import { refuse } from '../refuse.ts'
import { NEVER, type Operand } from './operand.ts'

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
  }
}

/** What is no single value: it can at most be asked whether it is there, the rest is refused with this reason. */
export function wholeOperand(reason: string, exists: string | undefined): Operand {
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
  }
}
