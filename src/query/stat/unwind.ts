import type { Field } from '../entity.ts'
import type { Params } from '../params.ts'
import { jsonValue } from './json-value.ts'
import { locate, refusePath } from './locate.ts'
import type { Rows } from './rows.ts'
import type { Placed } from './stage.ts'
import { leafValue, TYPE_NAMES } from './typed-value.ts'

/**
 * One row for each element of a list, which stands in the place of the list from then on; what is no list
 * counts as a list of one. `at` tells this stage's columns from those of other stages: they are named without
 * `t`, so that they mean the same inside and outside of a later sub-select.
 */
export function compileUnwind(rows: Rows, path: Placed, at: number, params: Params): Rows {
  const target = locate(rows, path, params)
  const { field, names } = target
  const [value, position] = [`u${at}_value`, `u${at}_position`]
  if ('each' in target && target.each !== undefined) {
    return refusePath(path, 'lies inside a list of objects; unwind that list first')
  }
  if (field.kind === 'collection') {
    if (target.steps.length > 0) refusePath(path, 'is shown only, it cannot be unwound')
    return unwindCollection(rows, { field, names, at, position }, params)
  }
  if (field.kind === 'document') {
    // Only a list that the path itself leads to: what lies inside other lists is unwound after them.
    const list = jsonValue(field.sql, target.steps, params, { throughLists: false })
    const elements = `jsonb_path_query(${list}, 'lax $[*]') with ordinality as u${at} (${value}, ${position})`
    // The whole path, not what was left of it behind earlier unwound lists.
    const steps = path.path.split('.').length === names.length ? [] : stepsOf(rows, path, params)
    return {
      ...joined(rows, elements, position),
      unwound: [...rows.unwound, { names, steps, sql: value }],
    }
  }
  if (field.kind === 'list') {
    const elements = `unnest(${field.sql}) with ordinality as u${at} (${value}, ${position})`
    const element: Field = { kind: 'column', type: 'text', sql: value, nullable: true }
    return { ...joined(rows, elements, position), fields: replaceField(rows.fields, names, element) }
  }
  const holds = field.kind === 'object' ? 'an object' : TYPE_NAMES[field.type]
  return refusePath(path, `holds ${holds}, and only lists can be unwound`)
}

function stepsOf(rows: Rows, path: Placed, params: Params): readonly string[] {
  return locate({ ...rows, unwound: [] }, path, params).steps
}

function unwindCollection(
  rows: Rows,
  {
    field,
    names,
    at,
    position,
  }: {
    readonly field: Extract<Field, { kind: 'collection' }>
    readonly names: readonly string[]
    readonly at: number
    readonly position: string
  },
  params: Params,
): Rows {
  const parts = Object.entries(field.fields).flatMap(([name, part]) =>
    part.kind === 'collection' ? [] : [{ name, part, value: leafValue(part, [], params) }],
  )
  const columns = parts.map(({ value }, index) => `${value.sql} as u${at}_f${index}`).join(', ')
  const order = parts.map(({ value }) => value.sql).join(', ')
  const elements = `(select ${columns}, row_number() over (order by ${order}) as ${position} from ${field.from}) as u${at}`
  const element: Field = {
    kind: 'object',
    fields: Object.fromEntries(
      parts.map(({ name, part }, index) => [name, { ...part, sql: `u${at}_f${index}` }]),
    ),
  }
  return { ...joined(rows, elements, position), fields: replaceField(rows.fields, names, element) }
}

function joined(rows: Rows, elements: string, position: string): Rows {
  return {
    ...rows,
    from: `${rows.from} cross join lateral ${elements}`,
    tie: [...rows.tie, { sql: position, desc: false, nullable: false }],
  }
}

function replaceField(
  fields: Readonly<Record<string, Field>>,
  [name = '', ...rest]: readonly string[],
  replacement: Field,
): Readonly<Record<string, Field>> {
  const field = fields[name]
  if (rest.length === 0 || field?.kind !== 'object') return { ...fields, [name]: replacement }
  return { ...fields, [name]: { ...field, fields: replaceField(field.fields, rest, replacement) } }
}
