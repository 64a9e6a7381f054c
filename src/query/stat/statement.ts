import type { JsonObject, JsonValue } from '@bufbuild/protobuf'
import { toTimestamp } from '../../core/clock.ts'
import type { Field } from '../entity.ts'
import type { Window } from '../page.ts'
import { Params, type Pattern } from '../params.ts'
import { orderBy, type Rows, source, totalOrder } from './rows.ts'
import { type TypedValue, type ValueType, valueAt } from './typed-value.ts'

/** One statement with its bound parameters, and how its rows are read: `f0`, `f1` … for `columns`. */
export type CompiledStat = {
  readonly text: string
  readonly params: readonly unknown[]
  /** Regular expressions of the caller; `checkPatterns` refuses wrong ones before the statement runs. */
  readonly patterns: readonly Pattern[]
  readonly columns: readonly OutputColumn[]
  /** True when every row also carries `total_count`; a page beyond the end is one row without `ordinal`. */
  readonly isPaged: boolean
}

type OutputColumn = { readonly names: readonly string[]; readonly type: ValueType }

/**
 * Makes the statement that reads these rows in their order, all of them or one page with the number of all.
 */
export function toStatement(rows: Rows, window: Window | undefined, params: Params): CompiledStat {
  const outputs = outputsOf(rows, rows.fields, [], params)
  const columns = outputs.map(({ names, value }) => ({ names, type: value.type }))
  const selected = outputs.map(({ value }, at) => `${value.sql} as f${at}`)
  const order = orderBy(totalOrder(rows))
  if (window === undefined) {
    const text = `select ${selected.join(', ')} ${source(rows)}${order} limit ${params.add(MAX_ROWS + 1)}`
    return { ...bindUsed(text, params), columns, isPaged: false }
  }
  const { limit, offset } = window
  const all = [...selected, `row_number() over (${order}) as ordinal`].join(', ')
  const page = `r.ordinal > ${params.add(offset)} and r.ordinal <= ${params.add(offset + limit)}`
  // Count and page read one result, so that they cannot disagree; the pipeline runs once.
  const text =
    `with r as materialized (select ${all} ${source(rows)}) select c.total_count, r.* ` +
    `from (select count(*) as total_count from r) c left join r on ${page} order by r.ordinal`
  return { ...bindUsed(text, params), columns, isPaged: true }
}

/**
 * The objects that rows of a statement stand for. Instants are texts with milliseconds, numbers are numbers.
 */
export function toObjects(columns: readonly OutputColumn[], stored: readonly object[]): JsonObject[] {
  return stored.map((row) => {
    const object: Nested = new Map()
    for (const [at, { names, type }] of columns.entries()) {
      placeAt(object, names, toJsonValue(Reflect.get(row, `f${at}`), type))
    }
    return toObject(object)
  })
}

/** The largest result that is given without a page. */
export const MAX_ROWS = 100_000

type Output = { readonly names: readonly string[]; readonly value: TypedValue }

function outputsOf(
  rows: Rows,
  fields: Readonly<Record<string, Field>>,
  parents: readonly string[],
  params: Params,
): readonly Output[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const names = [...parents, name]
    if (field.kind === 'object') return outputsOf(rows, field.fields, names, params)
    return [{ names, value: valueAt(rows, { path: names.join('.'), place: 'query' }, params) }]
  })
}

// A parameter that no part of the statement mentions has no type: those of an order that nothing depends on
// go.
function bindUsed(text: string, params: Params): Pick<CompiledStat, 'text' | 'params' | 'patterns'> {
  const used = new Params()
  const numbers = new Map<string, string>()
  const renumbered = text.replace(/\$(\d+)/g, (holder, number: string) => {
    const known = numbers.get(holder) ?? used.add(params.values[Number(number) - 1])
    numbers.set(holder, known)
    return known
  })
  return { text: renumbered, params: used.values, patterns: params.patterns }
}

type Nested = Map<string, JsonValue | Nested>

function placeAt(object: Nested, names: readonly string[], value: JsonValue): void {
  let at = object
  for (const name of names.slice(0, -1)) {
    const known = at.get(name)
    const child: Nested = known instanceof Map ? known : new Map()
    at.set(name, child)
    at = child
  }
  at.set(names.at(-1) ?? '', value)
}

// Built from entries, so that a field called `__proto__` is a field.
function toObject(nested: Nested): JsonObject {
  return Object.fromEntries(
    [...nested].map(([name, value]) => [name, value instanceof Map ? toObject(value) : value]),
  )
}

function toJsonValue(stored: unknown, type: ValueType): JsonValue {
  if (stored === null || stored === undefined) return null
  if (type === 'int' || type === 'float') return toNumber(stored)
  return stored instanceof Date ? toTimestamp(stored) : asJsonValue(stored)
}

// Sums come as text, because they may be larger than any one number of a document.
function toNumber(stored: unknown): number | null {
  const number = Number(stored)
  return Number.isFinite(number) ? number : null
}

// Text, booleans, lists of text and parsed jsonb are JSON already.
function asJsonValue(stored: unknown): JsonValue {
  return stored as JsonValue
}
