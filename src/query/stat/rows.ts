import type { Entity, Field } from '../entity.ts'
import { keyColumn } from './key-column.ts'

/**
 * What a stage leaves for the next one: rows that can still be read, grouped and ordered. Nothing is run in
 * between; a stage becomes a sub-select only where SQL needs one, so that the planner sees through the rest.
 */
export type Rows = {
  /** For messages: `a sample`, `a row of this stage`. */
  readonly noun: string
  /** What follows `from`. In every expression below the rows are called `t`. */
  readonly from: string
  readonly where: string | undefined
  readonly fields: Readonly<Record<string, Field>>
  /** Names of fields that earlier groups made their keys; a project stage keeps them. */
  readonly keys: readonly string[]
  /** False while the rows are those of the table, with their natural nesting. */
  readonly isNamed: boolean
  /** Elements that took the place of their lists inside documents, oldest first. */
  readonly unwound: readonly Unwound[]
  /** What a sort stage asked for. */
  readonly order: readonly OrderTerm[]
  /** What tells any two rows apart: behind `order` it gives every answer one order. */
  readonly tie: readonly OrderTerm[]
}

type Unwound = {
  readonly names: readonly string[]
  readonly steps: readonly string[]
  /** The element, as jsonb. */
  readonly sql: string
}

export type OrderTerm = { readonly sql: string; readonly desc: boolean; readonly nullable: boolean }

/** The rows a pipeline starts with. */
export function entityRows<View extends object>(entity: Entity<View>, where: string): Rows {
  return {
    noun: entity.noun,
    from: `${entity.table} t`,
    where,
    fields: entity.fields,
    keys: [],
    isNamed: false,
    unwound: [],
    order: [],
    tie: [{ sql: keyColumn(entity), desc: false, nullable: false }],
  }
}

/** The rows that a sub-select named `t` makes, with these fields and nothing else. */
export function namedRows(
  from: string,
  parts: Pick<Rows, 'fields'> & Partial<Pick<Rows, 'keys' | 'order' | 'tie'>>,
): Rows {
  return {
    noun: 'row of the stage before',
    from: `(${from}) t`,
    where: undefined,
    keys: [],
    isNamed: true,
    unwound: [],
    order: [],
    tie: [],
    ...parts,
  }
}

/** `from … where …`. */
export function source({ from, where }: Rows): string {
  return where === undefined ? `from ${from}` : `from ${from} where ${where}`
}

/** An `order by` clause with a space before it, or nothing for rows that need none. */
export function orderBy(terms: readonly OrderTerm[]): string {
  return terms.length === 0 ? '' : ` order by ${terms.map(orderTerm).join(', ')}`
}

/** The one order of these rows. */
export function totalOrder({ order, tie }: Rows): readonly OrderTerm[] {
  return [...order, ...tie]
}

/** The same order from its end. */
export function reversed(terms: readonly OrderTerm[]): readonly OrderTerm[] {
  return terms.map((term) => ({ ...term, desc: !term.desc }))
}

// Absent values come first, and last when descending, as in lists.
function orderTerm({ sql, desc, nullable }: OrderTerm): string {
  const nulls = desc ? ' nulls last' : ' nulls first'
  return `${sql}${desc ? ' desc' : ''}${nullable ? nulls : ''}`
}
