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

/** Conditions on something with parts, as a whole: it can only be asked whether it is there. */
export function wholeOperand(path: string, parts: readonly string[], exists: string | undefined): Operand {
  const refuseWhole = ({ place }: { readonly place: string }): string =>
    refuse(
      place,
      `'${path}' is not one value; compare one of ${parts.map((part) => `${path}.${part}`).join(', ')}`,
    )
  const present = exists ?? 'true'
  return {
    equals: refuseWhole,
    isAbsent: () => `not ${present}`,
    exists: () => present,
    isIn: (comparands) => (comparands[0] === undefined ? NEVER : refuseWhole(comparands[0])),
    containsAny: (comparands) => (comparands[0] === undefined ? NEVER : refuseWhole(comparands[0])),
    compare: (_, comparand) => refuseWhole(comparand),
  }
}
