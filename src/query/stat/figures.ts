import type { Params } from '../params.ts'
import { quote, refuse } from '../refuse.ts'
import { compileConditions } from './conditions.ts'
import { orderBy, type Rows, reversed, totalOrder } from './rows.ts'
import type { GroupField } from './stage.ts'
import { asJson, TYPE_NAMES, type TypedValue, valueAt } from './typed-value.ts'

/**
 * A value computed over the rows of a group; `finish` turns the aggregate's result into it, one level above.
 */
export type Figure = TypedValue & { readonly finish?: (aggregated: string) => string }

/** Compiles one field of a group. */
export function compileFigure(rows: Rows, field: GroupField, params: Params): Figure {
  const { operator, operatorPlace, conditions, conditionsPlace, fields, fieldsPlace } = field
  const compute = Object.hasOwn(FIGURES, operator) ? FIGURES[operator] : undefined
  if (compute === undefined) {
    const problem =
      operator === ''
        ? 'it is required, and was missing or empty'
        : `${quote(operator)} is no operator of a group`
    return refuse(operatorPlace, `${problem}; there are ${Object.keys(FIGURES).join(', ')}`)
  }
  if (conditions.length > 0 && !CONDITIONAL.includes(operator)) {
    refuse(conditionsPlace, `only ${CONDITIONAL.join(', ')} take conditions, not '${operator}'`)
  }
  if (fields.length > 0 && operator !== 'push')
    refuse(fieldsPlace, `only push collects fields, not '${operator}'`)
  return compute(rows, field, params)
}

type Compute = (rows: Rows, field: GroupField, params: Params) => Figure

const FIGURES: Readonly<Record<string, Compute>> = {
  count: countRows,
  sum: (rows, field, params) => ({
    sql: `coalesce(sum(${contribution(rows, field, params)}), 0)`,
    type: 'float',
    nullable: false,
  }),
  average: (rows, field, params) => ({
    sql: `avg(${contribution(rows, field, params)})`,
    type: 'float',
    nullable: true,
  }),
  max: (rows, { key }, params) => largest(valueAt(rows, key, params)),
  min: (rows, { key }, params) => smallest(valueAt(rows, key, params)),
  first: (rows, { key }, params) => firstOf(valueAt(rows, key, params), orderBy(totalOrder(rows))),
  last: (rows, { key }, params) => firstOf(valueAt(rows, key, params), orderBy(reversed(totalOrder(rows)))),
  add_to_set: addToSet,
  merge_objects: mergeObjects,
  push,
}

const CONDITIONAL: readonly string[] = ['count', 'sum', 'average']

function countRows(rows: Rows, { conditions }: GroupField, params: Params): Figure {
  const condition = compileConditions(rows, conditions, params)
  const sql = condition === undefined ? 'count(*)' : `count(*) filter (where ${condition})`
  return { sql, type: 'int', nullable: false }
}

// Rows that do not satisfy the conditions contribute 0, to an average as well.
function contribution(rows: Rows, { key, operator, conditions }: GroupField, params: Params): string {
  const value = valueAt(rows, key, params)
  if (!NUMERIC.includes(value.type)) {
    refuse(key.place, `${quote(key.path)} holds ${TYPE_NAMES[value.type]}, which has no ${operator}`)
  }
  const number = value.type === 'json' ? numberIn(value.sql) : value.sql
  const condition = compileConditions(rows, conditions, params)
  return condition === undefined ? number : `case when ${condition} then ${number} else 0 end`
}

const NUMERIC: readonly string[] = ['int', 'float', 'json']

/**
 * The number a JSON value is, null for anything else; the value is computed once, which a `case` would do
 * twice.
 */
export function numberIn(json: string): string {
  return `(jsonb_path_query_first(${json}, 'strict $ ? (@.type() == "number")'))::numeric`
}

// jsonb has an order but no max; the arrays around it do, and they are compared in one pass without a sort.
function largest(value: TypedValue): Figure {
  if (value.type === 'bool') return { ...value, sql: `bool_or(${value.sql})`, nullable: true }
  if (value.type !== 'json' && value.type !== 'list')
    return { ...value, sql: `max(${value.sql})`, nullable: true }
  const wrapped = `nullif(array[${asJson(value)}], array[null::jsonb])`
  return { sql: `(max(${wrapped}))[1]`, type: 'json', nullable: true }
}

function smallest(value: TypedValue): Figure {
  if (value.type === 'bool') return { ...value, sql: `bool_and(${value.sql})`, nullable: true }
  if (value.type !== 'json' && value.type !== 'list')
    return { ...value, sql: `min(${value.sql})`, nullable: true }
  // Null is the largest element an array can have, so it is the smallest only when there is nothing else.
  return { sql: `(min(array[${asJson(value)}]))[1]`, type: 'json', nullable: true }
}

function firstOf(value: TypedValue, order: string): Figure {
  const { sql, type } = value.type === 'list' ? { sql: asJson(value), type: 'json' as const } : value
  return { sql: `(array_agg(${sql}${order}))[1]`, type, nullable: true }
}

function addToSet(rows: Rows, { key }: GroupField, params: Params): Figure {
  const value = asJson(valueAt(rows, key, params))
  const sql = `coalesce(jsonb_agg(distinct ${value}) filter (where ${value} is not null), '[]')`
  return { sql, type: 'json', nullable: false }
}

// Only objects can be merged; what else a document holds under this path is passed over.
function mergeObjects(rows: Rows, { key }: GroupField, params: Params): Figure {
  const value = valueAt(rows, key, params)
  if (value.type !== 'json') {
    refuse(key.place, `${quote(key.path)} holds ${TYPE_NAMES[value.type]}, and only objects can be merged`)
  }
  return {
    sql: `array_agg(${value.sql}${orderBy(totalOrder(rows))}) filter (where jsonb_typeof(${value.sql}) = 'object')`,
    type: 'json',
    nullable: false,
    finish: (objects) =>
      `coalesce((select jsonb_object_agg(e.key, e.value order by o.position)
       from unnest(${objects}) with ordinality as o (value, position), jsonb_each(o.value) as e), '{}')`,
  }
}

// Objects of named fields or, in an analyze query without such, the values themselves.
function push(rows: Rows, { fields, key }: GroupField, params: Params): Figure {
  const order = orderBy(totalOrder(rows))
  if (fields.length === 0) {
    const value = asJson(valueAt(rows, key, params))
    return { sql: `jsonb_agg(${value}${order})`, type: 'json', nullable: false }
  }
  const pairs = fields.map(
    (field) => `${params.add(field.name)}::text, ${asJson(valueAt(rows, field.key, params))}`,
  )
  return { sql: `jsonb_agg(jsonb_build_object(${pairs.join(', ')})${order})`, type: 'json', nullable: false }
}
