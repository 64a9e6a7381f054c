import type { Params } from '../params.ts'
import { quote, refuse } from '../refuse.ts'
import { numberIn } from './figures.ts'
import type { Rows } from './rows.ts'
import type { Expression } from './stage.ts'
import { asJson, TYPE_NAMES, type TypedValue, valueAt } from './typed-value.ts'

type Call = Extract<Expression, { kind: 'call' }>

/** Compiles what a projected field is computed from. */
export function compileExpression(rows: Rows, expression: Expression, params: Params): TypedValue {
  switch (expression.kind) {
    case 'path':
      return valueAt(rows, expression.key, params)
    case 'number':
      return { sql: `${params.add(String(expression.value))}::numeric`, type: 'float', nullable: false }
    case 'call': {
      const { operator, operatorPlace, operands } = expression
      const compute = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined
      if (compute === undefined)
        return refuse(operatorPlace, `${quote(operator)} is no operator of a projection`)
      return compute(
        operands.map((operand) => compileExpression(rows, operand, params)),
        expression,
      )
    }
  }
}

type Compute = (values: readonly TypedValue[], call: Call) => TypedValue

const OPERATORS: Readonly<Record<string, Compute>> = {
  size: ([value], call) => ofList(value, call, (list) => `jsonb_array_length(${list})`, 'int'),
  sum: ([value], call) =>
    ofList(
      value,
      call,
      (list) => `(select coalesce(sum(${numberIn('e')}), 0) from jsonb_array_elements(${list}) as e)`,
      'float',
    ),
  array_to_object: ([value], call) => ofList(value, call, arrayToObject, 'json'),
  object_to_array: ([value], call) => objectToArray(value, call),
  add: (values, call) => arithmetic(values, call, ' + '),
  subtract: (values, call) => arithmetic(values, call, ' - '),
  multiply: (values, call) => arithmetic(values, call, ' * '),
  divide: ([dividend, divisor], call) => {
    const [left, right] = [numberOf(dividend, call), numberOf(divisor, call)]
    return { sql: `(${left} / nullif(${right}, 0))`, type: 'float', nullable: true }
  },
}

// What is no list has no size and no sum: null, as every value that is not there.
function ofList(
  value: TypedValue | undefined,
  call: Call,
  compute: (list: string) => string,
  type: 'int' | 'float' | 'json',
): TypedValue {
  if (value?.type !== 'json' && value?.type !== 'list') return refuseOperand(value, call, 'a list')
  const list = `jsonb_path_query_first(${asJson(value)}, 'strict $ ? (@.type() == "array")')`
  return { sql: compute(list), type, nullable: true }
}

// Pairs are `[key, value]` or `{"k": key, "v": value}`; elements that are neither are left out, and the last
// of equal keys wins.
function arrayToObject(list: string): string {
  const pair = `case jsonb_typeof(e.pair)
      when 'array' then case when jsonb_array_length(e.pair) = 2 then e.pair end
      when 'object' then case when e.pair ? 'k' and e.pair ? 'v' then jsonb_build_array(e.pair -> 'k', e.pair -> 'v') end
    end`
  return `(select case when l.list is not null then coalesce(
      jsonb_object_agg(p.pair ->> 0, p.pair -> 1 order by e.position) filter (where jsonb_typeof(p.pair -> 0) = 'string'), '{}') end
    from (select ${list} as list) l
    left join lateral jsonb_array_elements(l.list) with ordinality as e (pair, position) on true
    left join lateral (select ${pair} as pair) p on true group by l.list)`
}

function objectToArray(value: TypedValue | undefined, call: Call): TypedValue {
  if (value?.type !== 'json') return refuseOperand(value, call, 'an object')
  const object = `jsonb_path_query_first(${value.sql}, 'strict $ ? (@.type() == "object")')`
  const sql = `(select case when o.object is not null then
      coalesce((select jsonb_agg(jsonb_build_object('k', e.key, 'v', e.value) order by e.key collate "C")
                from jsonb_each(o.object) as e), '[]') end
    from (select ${object} as object) o)`
  return { sql, type: 'json', nullable: true }
}

function arithmetic(values: readonly TypedValue[], call: Call, sign: string): TypedValue {
  const sql = `(${values.map((value) => numberOf(value, call)).join(sign)})`
  return { sql, type: 'float', nullable: true }
}

function numberOf(value: TypedValue | undefined, call: Call): string {
  if (value?.type === 'json') return numberIn(value.sql)
  if (value?.type === 'int' || value?.type === 'float') return `(${value.sql})::numeric`
  return refuseOperand(value, call, 'numbers')
}

function refuseOperand(
  value: TypedValue | undefined,
  { operator, operatorPlace }: Call,
  wanted: string,
): never {
  const got = value === undefined ? 'nothing' : TYPE_NAMES[value.type]
  return refuse(operatorPlace, `'${operator}' takes ${wanted}, and the key holds ${got}`)
}
