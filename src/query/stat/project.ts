import type { Params } from '../params.ts'
import { compileExpression } from './expressions.ts'
import { assertDifferent } from './names.ts'
import { namedRows, type OrderTerm, type Rows, source } from './rows.ts'
import type { Stage } from './stage.ts'
import { fieldOf, type TypedValue, valueAt } from './typed-value.ts'

type ProjectStage = Extract<Stage, { kind: 'project' }>

/**
 * Rows of the projected fields and, unless excluded, the group keys. What orders the rows goes along unseen.
 */
export function compileProject(rows: Rows, { fields, excludeKeys }: ProjectStage, params: Params): Rows {
  assertDifferent(fields)
  const projected = fields.map(({ name, from }) => ({ name, value: compileExpression(rows, from, params) }))
  const keys = excludeKeys ? [] : rows.keys.filter((key) => !fields.some(({ name }) => name === key))
  const kept = keys.map((name) => ({ name, value: valueAt(rows, { path: name, place: 'query' }, params) }))
  const columns = [...kept, ...projected]
  const selected = [
    ...columns.map(({ value }, at) => `${value.sql} as c${at}`),
    ...rows.order.map(({ sql }, at) => `${sql} as o${at}`),
    ...rows.tie.map(({ sql }, at) => `${sql} as k${at}`),
  ]
  return namedRows(`select ${selected.join(', ')} ${source(rows)}`, {
    fields: Object.fromEntries(columns.map(({ name, value }, at) => [name, fieldOf(moved(value, at))])),
    keys,
    order: rows.order.map((term, at) => ({ ...term, sql: `t.o${at}` })),
    tie: rows.tie.map((term, at): OrderTerm => ({ ...term, sql: `t.k${at}` })),
  })
}

function moved(value: TypedValue, at: number): TypedValue {
  return { ...value, sql: `t.c${at}` }
}
