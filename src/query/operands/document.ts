import type { DocumentField } from '../entity.ts'
import type { Params } from '../params.ts'
import { refuse } from '../refuse.ts'
import { type Comparand, isNested, kindOf, type PlainValue } from '../value.ts'
import { exactNumber } from './column-types.ts'
import { type Comparison, NEVER, type Operand } from './operand.ts'

/**
 * Conditions on what a path finds in a JSON document. A path runs through lists on its way (`disks.size` looks
 * at each disk) and looks at the elements when it ends in one; a number as step is an index, or a key of that name.
 * The jsonpath is built from quoted steps and bound like any other parameter. Values of another type never match.
 */
export function documentOperand({ sql }: DocumentField, steps: readonly string[], params: Params): Operand {
  const { head, path } = split(steps)
  // Bound where it is used: a parameter that no part of the statement mentions has no type.
  const base = (): string => (head.length === 0 ? sql : `(${sql} #> ${params.add(head)}::text[])`)
  const has = (jsonpath: string, vars?: PlainValue): string =>
    `jsonb_path_exists(${base()}, ${params.add(jsonpath)}::jsonpath, ${bindVars(vars, params)}, true)`
  // A subquery is hashed once; an array of as many values would be walked for every row.
  const isInJson = (values: readonly PlainValue[]): string =>
    `exists (select 1 from jsonb_path_query(${base()}, ${params.add(`${path}[*]`)}::jsonpath, '{}', true) as e (value)` +
    ` where e.value in (select jsonb_array_elements(${params.add(JSON.stringify(values))}::jsonb)))`

  return {
    value: () => (steps.length === 0 ? sql : `${sql} #> ${params.add(steps)}::text[]`),
    equals(comparand) {
      const value = exactValue(comparand)
      return isNested(value) ? isInJson([value]) : has(`${path}[*] ? (@ == $v)`, value)
    },
    isAbsent: () => `(not ${has(path)} or ${has(`${path}[*] ? (@ == null)`)})`,
    exists: () => has(path),
    isIn: (comparands) => isInJson(comparands.map(exactValue)),
    containsAny(comparands) {
      if (comparands.length === 0) return NEVER
      return has(`${path}[*] ? (${comparands.map(containsTerm).join(' || ')})`)
    },
    compare(comparison, comparand) {
      return has(`${path}[*] ? (@ ${comparison} $v)`, ordered(comparison, comparand))
    },
  }
}

// jsonpath cannot say "index of a list, else key" but #> can, so it walks up to the last number among the steps.
function split(steps: readonly string[]): { head: readonly string[]; path: string } {
  const after = steps.findLastIndex((step) => /^\d+$/.test(step)) + 1
  const rest = steps.slice(after).map((step) => `.${JSON.stringify(step)}`)
  return { head: steps.slice(0, after), path: `lax $${rest.join('')}` }
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

function ordered(comparison: Comparison, { value, place }: Comparand): PlainValue {
  if (typeof value === 'number' || typeof value === 'string') return value
  return refuse(place, `${comparison} compares numbers or text, got ${kindOf(value)}`)
}
