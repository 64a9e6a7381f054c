import type { Params } from '../params.ts'
import { jsonValues, valuesOfAnyKey } from './json-value.ts'
import { locate, refusePath } from './locate.ts'
import { namedRows, type Rows } from './rows.ts'
import type { Placed } from './stage.ts'
import { fieldOf, isOfAnyKey, leafValue, type TypedValue, valueAt } from './typed-value.ts'

/**
 * One row for each different value of a field, in order; elements of lists count one by one, absent values
 * not at all.
 */
export function compileDistinct(rows: Rows, key: Placed, params: Params): Rows {
  const { value, elements } = valuesOf(rows, key, params)
  const from = elements === undefined ? rows.from : `${rows.from} cross join lateral ${elements}`
  const where = rows.where === undefined ? '' : ` where ${rows.where}`
  const made: TypedValue = { sql: 't.c0', type: value.type, nullable: false }
  const statement = `select distinct ${value.sql} as c0 from ${from}${where}`
  const isNull = value.type === 'json' ? `d.c0 <> 'null'` : 'd.c0 is not null'
  return namedRows(`select * from (${statement}) d where ${isNull}`, {
    fields: { value: fieldOf(made) },
    tie: [{ sql: 't.c0', desc: false, nullable: false }],
  })
}

type Values = { readonly value: TypedValue; readonly elements?: string }

function valuesOf(rows: Rows, key: Placed, params: Params): Values {
  const target = locate(rows, key, params)
  const { field, steps } = target
  const each = 'each' in target ? target.each : undefined
  if (field.kind === 'collection') return refusePath(key, 'is a list of objects; name one of their fields')
  if (each !== undefined) {
    const { sql, type } = leafValue(field, steps, params)
    return {
      value: { sql: 'e.value', type, nullable: true },
      elements: `(select ${sql} as value from ${each}) as e`,
    }
  }
  if (field.kind === 'document') {
    const found = isOfAnyKey(field, steps) ? valuesOfAnyKey : jsonValues
    const elements = `${found(field.sql, steps, params)} as e (value)`
    return { value: { sql: 'e.value', type: 'json', nullable: true }, elements }
  }
  if (field.kind === 'list') {
    const elements = `unnest(${field.sql}) as e (value)`
    return { value: { sql: 'e.value', type: 'text', nullable: true }, elements }
  }
  return { value: valueAt(rows, key, params) }
}
