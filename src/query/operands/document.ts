import type { DocumentField } from '../entity.ts'
import type { Params } from '../params.ts'
import { patternText } from '../pattern.ts'
import { refuse } from '../refuse.ts'
import { type Comparand, isNested, kindOf, type PlainValue } from '../value.ts'
import { exactNumber } from './column-types.ts'
import { endBehindAnyKey, endOfPath, type PathEnd } from './document-path.ts'
import { instantOfText } from './instants.ts'
import { type Comparison, isEqual, type Operand, type Pair } from './operand.ts'

/**
 * Conditions on what a path finds in a JSON document. A path runs through lists on its way (`disks.size`
 * looks at each disk) and looks at the elements when it ends in one, not at lists inside that list; a number
 * as step is an index, or a key of that name. The jsonpath is built from quoted steps and bound like any
 * other parameter. Values of another type never match. In maps by provider `*` stands for every provider:
 * `tags.*.team`.
 */
export function documentOperand(
  { sql, depth }: DocumentField,
  steps: readonly string[],
  params: Params,
): Operand {
  const isAnyKey = depth === 2 && steps[0] === '*'
  // Built anew for each use: a parameter that no part of the statement mentions has no type.
  const end = (): PathEnd => (isAnyKey ? endBehindAnyKey(sql, steps) : endOfPath(sql, steps, params))
  const some = (filter: string, vars?: PlainValue): string => {
    const { from, base, path } = end()
    const found = `jsonb_path_exists(${base}, ${params.add(`${path}${filter}`)}::jsonpath, ${bindVars(vars, params)}, true)`
    return from.length === 0 ? found : `exists (select 1 from ${from.join(', ')} where ${found})`
  }
  const someElement = (condition: string, vars?: PlainValue): string => some(elementThat(condition), vars)
  const anyRow = (filter: string, alias: string, predicate: () => string): string => {
    const { from, base, path } = end()
    const rows = `jsonb_path_query(${base}, ${params.add(`${path}${filter}`)}::jsonpath, '{}', true) as ${alias} (value)`
    return `exists (select 1 from ${[...from, rows].join(', ')} where ${predicate()})`
  }
  // A subquery is hashed once; an array of as many values would be walked for every row.
  const isInJson = (values: readonly PlainValue[]): string =>
    anyRow(
      '[*]',
      'e',
      () => `e.value in (select jsonb_array_elements(${params.add(JSON.stringify(values))}::jsonb))`,
    )

  return {
    ...(isAnyKey
      ? {}
      : { value: () => (steps.length === 0 ? sql : `${sql} #> ${params.add(steps)}::text[]`) }),
    equals(comparand) {
      const value = exactValue(comparand)
      return isNested(value) ? isInJson([value]) : someElement('@ == $v', value)
    },
    isAbsent: () => `(${some('')} is not true or ${someElement('@ == null')})`,
    exists: () => some(''),
    isIn(comparands) {
      const values = comparands.map(exactValue)
      const isShort = values.length <= SHORT_LIST && !values.some(isNested)
      return isShort ? someElement('@ == $v[*]', values) : isInJson(values)
    },
    containsAny: (comparands) => someElement(comparands.map(containsTerm).join(' || ') || NEVER_IN_PATH),
    compare: (comparison, comparand) => someElement(`@ ${comparison} $v`, ordered(comparison, comparand)),
    compareInstant(comparison, instant) {
      const looksRight = elementThat(`@ like_regex ${JSON.stringify(STARTS_AS_DATE)}`)
      return anyRow(looksRight, 'e', () => {
        const value = `${params.add(instant.toISOString())}::timestamptz`
        return `${instantOfText(`e.value #>> '{}'`)} ${comparison} ${value}`
      })
    },
    matchesPattern(comparands) {
      const terms = comparands.map((comparand) => patternTerm(patternText(comparand, params)))
      return someElement(terms.join(' || ') || NEVER_IN_PATH)
    },
    matchesPairs(pairs) {
      return anyRow('[*]', 'o', () => allPairs(pairs, params))
    },
  }
}

/** Keys that an object holds in a JSON value called `o.value`. */
function allPairs(pairs: readonly Pair[], params: Params): string {
  const found = pairs.map(({ path, comparand }) => {
    const inside = documentOperand({ kind: 'document', sql: 'o.value' }, path.split('.'), params)
    return `(${isEqual(inside, comparand)})`
  })
  return [`jsonb_typeof(o.value) = 'object'`, ...found].join(' and ')
}

// A filter unwraps the list it is applied to, and its comparisons would unwrap once more: lists in the list
// are left out.
function elementThat(condition: string): string {
  return ` ? ((${condition}) && @.type() != "array")`
}

function bindVars(value: PlainValue | undefined, params: Params): string {
  return value === undefined ? `'{}'` : `${params.add(JSON.stringify({ v: value }))}::jsonb`
}

function exactValue({ value, place }: Comparand): PlainValue {
  return typeof value === 'number' ? exactNumber(value, place) : value
}

// The text stands inside the jsonpath as a JSON string, `q` takes it literally, `i` ignores case.
function containsTerm(comparand: Comparand): string {
  const value = exactValue(comparand)
  if (isNested(value)) return refuse(comparand.place, `a substring is looked for, got ${kindOf(value)}`)
  if (typeof value !== 'string') return `@ == ${JSON.stringify(value)}`
  if (value === '') return '@.type() == "string"'
  return `@ like_regex ${JSON.stringify(value)} flag "iq"`
}

// With `s` a dot matches the end of a line too, as `~*` does it on columns.
function patternTerm(text: string): string {
  return `@ like_regex ${JSON.stringify(text)} flag "is"`
}

function ordered(comparison: Comparison, { value, place }: Comparand): PlainValue {
  if (typeof value === 'number' || typeof value === 'string') return value
  return refuse(place, `${comparison} compares numbers or text, got ${kindOf(value)}`)
}

/**
 * Up to here jsonpath, which compares with each value in turn, takes about half the time of a subquery for
 * every row with a hashed list: 5 to 9 µs at 10 values. At 50 it takes twice as long, 17 to 9.
 */
const SHORT_LIST = 10
const NEVER_IN_PATH = '1 == 0'
const STARTS_AS_DATE = String.raw`^\s*\d{4}-\d{2}-\d{2}`
