import type { Params } from '../params.ts'
import { formatDate } from './date-format.ts'
import { compileFigure, type Figure } from './figures.ts'
import { assertDifferent } from './names.ts'
import { namedRows, type Rows, source } from './rows.ts'
import type { GroupKey, Stage } from './stage.ts'
import { fieldOf, type TypedValue, valueAt } from './typed-value.ts'

type GroupStage = Extract<Stage, { kind: 'group' }>

/**
 * One row a group. Keys stay the columns they are, so that this is the plain `group by` one would write by
 * hand; positions instead of repeated expressions, because each of those would hold parameters of its own.
 */
export function compileGroup(rows: Rows, { keys, fields }: GroupStage, params: Params): Rows {
  const named = [...keys, ...fields]
  assertDifferent(named)
  const columns: readonly Figure[] = [
    ...keys.map((key) => groupKey(rows, key, params)),
    ...fields.map((field) => {
      assertDifferent(field.fields)
      return compileFigure(rows, field, params)
    }),
  ]
  const selected = columns.map(({ sql }, at) => `${sql} as c${at}`).join(', ')
  // Without keys all rows are one group, and no rows are no group.
  const groups =
    keys.length === 0 ? 'having count(*) > 0' : `group by ${keys.map((_, at) => at + 1).join(', ')}`
  const statement = finishFigures(`select ${selected} ${source(rows)} ${groups}`, columns)
  const made = columns.map(({ type, nullable }, at): TypedValue => ({ sql: `t.c${at}`, type, nullable }))
  return namedRows(statement, {
    fields: Object.fromEntries(made.map((value, at) => [named[at]?.name ?? '', fieldOf(value)])),
    keys: keys.map(({ name }) => name),
    tie: made.slice(0, keys.length).map(({ sql, nullable }) => ({ sql, nullable, desc: false })),
  })
}

function groupKey(rows: Rows, key: GroupKey, params: Params): TypedValue {
  const value = valueAt(rows, key.key, params)
  return key.dateFormat === '' ? value : formatDate(value, key, params)
}

function finishFigures(statement: string, columns: readonly Figure[]): string {
  if (columns.every(({ finish }) => finish === undefined)) return statement
  const finished = columns.map(({ finish }, at) => `${finish?.(`g.c${at}`) ?? `g.c${at}`} as c${at}`)
  return `select ${finished.join(', ')} from (${statement}) g`
}
