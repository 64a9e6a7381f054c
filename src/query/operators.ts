import { isEqual, type Operand, type Pair } from './operands/index.ts'
import type { Comparison } from './operands/operand.ts'
import { quote, refuse } from './refuse.ts'
import { parseRelativeTime } from './relative-time.ts'
import { parseTimestamp } from './timestamp.ts'
import { type Comparand, kindOf } from './value.ts'

/*
 * Where conditions differ from those of the API's first implementation, on purpose.
 *
 * | what                         | there                                        | here                                  |
 * |------------------------------|----------------------------------------------|---------------------------------------|
 * | caller's mistakes            | mostly INTERNAL, without the place           | INVALID_ARGUMENT, naming the place    |
 * | not_contain_in               | lacks one of the words                       | lacks all of the words                |
 * | not_contain, number or date  | fails                                        | not equal                             |
 * | keyword beside filter_or     | joins its alternatives and finds more        | narrows what the filters find         |
 * | keyword, several words       | any of them                                  | all of them, each in any field        |
 * | contain_in, regex_in of []   | ERROR_UNKNOWN                                | INVALID_ARGUMENT                      |
 * | last word names an operator  | read as operator (`data.size`, `data.type`)  | a path                                |
 * | a value of another type      | text fields: no match; numbers: an error     | a refusal; in documents no match      |
 * | a date that cannot be read   | null                                         | a refusal                             |
 * | unknown path, regex          | accepted                                     | a refusal; inside documents accepted  |
 * | empty text in a text field   | is not absent                                | absent, as null is: messages tell no difference |
 * | exists on a text field       | the key is stored                            | the text is not empty                 |
 * | datetime_*, timediff_*       | stored dates only                            | also stored text in ISO 8601          |
 * | instants                     | microseconds decide                          | milliseconds, as they are shown       |
 * | numbers beyond 2^53          | rounded                                      | a refusal for eq, not, in, contain; write whole-number columns as text |
 * | match                        | an element of a list                         | also a single object; values must be single, paths may be dotted |
 * | a number as step             | index, and key of objects inside the list    | index of a list, key of an object     |
 * | a list as element of `in`    | equals the whole list or an element          | equals an element                     |
 * | sort by an unknown key       | has no effect                                | a refusal                             |
 * | regular expressions          | PCRE                                         | PostgreSQL's, at most 32 of 512 characters |
 * | limits                       | size of a message                            | 1,000 conditions, 100,000 values, 65,536 characters, 100 steps, 32 words |
 * | `tags.*.key`                 | -                                            | any provider                          |
 */

/**
 * An operator: which class of value it takes, and the predicate it makes. A further operator is a further row
 * of the table below.
 */
export type Operator =
  | { readonly takes: 'single'; readonly sql: (operand: Operand, value: Comparand, now: Date) => string }
  | {
      readonly takes: 'list' | 'filled list'
      readonly sql: (operand: Operand, values: readonly Comparand[]) => string
    }
  | { readonly takes: 'boolean'; readonly sql: (operand: Operand, value: boolean) => string }
  | {
      readonly takes: 'object'
      readonly sql: (operand: Operand, pairs: readonly Pair[], place: string) => string
    }

const OPERATORS: Readonly<Record<string, Operator>> = {
  eq: { takes: 'single', sql: isEqual },
  not: { takes: 'single', sql: (operand, value) => negate(isEqual(operand, value)) },
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
  match: { takes: 'object', sql: (operand, pairs, place) => operand.matchesPairs(pairs, place) },
  regex: { takes: 'single', sql: (operand, value) => operand.matchesPattern([value]) },
  regex_in: { takes: 'filled list', sql: (operand, values) => operand.matchesPattern(values) },
  datetime_lt: { takes: 'single', sql: compareWithDate('<') },
  datetime_lte: { takes: 'single', sql: compareWithDate('<=') },
  datetime_gt: { takes: 'single', sql: compareWithDate('>') },
  datetime_gte: { takes: 'single', sql: compareWithDate('>=') },
  timediff_lt: { takes: 'single', sql: compareWithNow('<') },
  timediff_lte: { takes: 'single', sql: compareWithNow('<=') },
  timediff_gt: { takes: 'single', sql: compareWithNow('>') },
  timediff_gte: { takes: 'single', sql: compareWithNow('>=') },
}

export const OPERATOR_NAMES = Object.keys(OPERATORS)

export function findOperator(name: string): Operator | undefined {
  return Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined
}

// Missing values make a predicate null; its negation must hold for them.
function negate(predicate: string): string {
  return `(${predicate}) is not true`
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

function compareWithDate(comparison: Comparison): (operand: Operand, comparand: Comparand) => string {
  return (operand, { value, place }) => {
    const instant = typeof value === 'string' ? parseTimestamp(value) : undefined
    if (instant !== undefined) return operand.compareInstant(comparison, instant, place)
    return refuse(
      place,
      `a date of the calendar is compared, got ${written(value)}; write ISO 8601, 2026-01-02T03:04:05.678Z`,
    )
  }
}

function compareWithNow(
  comparison: Comparison,
): (operand: Operand, comparand: Comparand, now: Date) => string {
  return (operand, { value, place }, now) => {
    const instant = typeof value === 'string' ? parseRelativeTime(value, now) : undefined
    if (instant !== undefined) return operand.compareInstant(comparison, instant, place)
    return refuse(
      place,
      `a time relative to now is compared, got ${written(value)}; write now, now/d, now/w or now/m, then perhaps + or -, a whole number and s, m, h, d or w: now/d - 7d`,
    )
  }
}

function written(value: Comparand['value']): string {
  return typeof value === 'string' ? quote(value) : kindOf(value)
}
