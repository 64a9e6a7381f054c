import type { Operand } from './operands/index.ts'
import type { Comparison } from './operands/operand.ts'
import { refuse } from './refuse.ts'
import { type Comparand, kindOf } from './value.ts'

/**
 * An operator: which class of value it takes, and the predicate it makes. A further operator is a further row
 * of the table below.
 */
export type Operator =
  | { readonly takes: 'single'; readonly sql: (operand: Operand, value: Comparand) => string }
  | {
      readonly takes: 'list' | 'filled list'
      readonly sql: (operand: Operand, values: readonly Comparand[]) => string
    }
  | { readonly takes: 'boolean'; readonly sql: (operand: Operand, value: boolean) => string }

const OPERATORS: Readonly<Record<string, Operator>> = {
  eq: { takes: 'single', sql: equals },
  not: { takes: 'single', sql: (operand, value) => negate(equals(operand, value)) },
  in: { takes: 'list', sql: isIn },
  not_in: { takes: 'list', sql: (operand, values) => negate(isIn(operand, values)) },
  contain: { takes: 'single', sql: (operand, value) => contains(operand, [value]) },
  not_contain: { takes: 'single', sql: (operand, value) => negate(contains(operand, [value])) },
  contain_in: { takes: 'filled list', sql: contains },
  not_contain_in: { takes: 'filled list', sql: (operand, values) => negate(contains(operand, values)) },
  exists: {
    takes: 'boolean',
    sql: (operand, value) => (value ? operand.exists() : negate(operand.exists())),
  },
  lt: { takes: 'single', sql: compare('<') },
  lte: { takes: 'single', sql: compare('<=') },
  gt: { takes: 'single', sql: compare('>') },
  gte: { takes: 'single', sql: compare('>=') },
}

export const OPERATOR_NAMES = Object.keys(OPERATORS)

export function findOperator(name: string): Operator | undefined {
  return Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined
}

// Missing values make a predicate null; its negation must hold for them.
function negate(predicate: string): string {
  return `(${predicate}) is not true`
}

function equals(operand: Operand, comparand: Comparand): string {
  return comparand.value === null ? operand.isAbsent() : operand.equals(comparand)
}

function isIn(operand: Operand, comparands: readonly Comparand[]): string {
  const present = comparands.filter(({ value }) => value !== null)
  const found = operand.isIn(present)
  return present.length === comparands.length ? found : `(${found} or ${operand.isAbsent()})`
}

function contains(operand: Operand, comparands: readonly Comparand[]): string {
  for (const { value, place } of comparands) {
    if (value === null) refuse(place, `a substring is looked for, got ${kindOf(value)}`)
  }
  return operand.containsAny(comparands)
}

function compare(comparison: Comparison): (operand: Operand, comparand: Comparand) => string {
  return (operand, comparand) => {
    if (comparand.value === null) refuse(comparand.place, 'null is neither smaller nor larger than anything')
    return operand.compare(comparison, comparand)
  }
}
