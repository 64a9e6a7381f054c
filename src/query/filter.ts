import type { Filter } from '../gen/spaceone/api/core/v1/query_pb.ts'
import type { Entity } from './entity.ts'
import { operandOf, type Pair } from './operands/index.ts'
import { findOperator, OPERATOR_NAMES, type Operator } from './operators.ts'
import type { Params } from './params.ts'
import { resolvePath } from './path.ts'
import { quote, refuse } from './refuse.ts'
import { type Comparand, isNested, isObject, kindOf, type PlainObject, plainValue } from './value.ts'

/** Compiles the conditions of a `filter` or `filter_or`; `place` is where the list stands in the request. */
export function compileFilters<View extends object>(
  entity: Entity<View>,
  filters: readonly Filter[],
  place: string,
  params: Params,
): readonly string[] {
  if (filters.length > MAX_CONDITIONS) {
    refuse(
      place,
      `it has ${filters.length} conditions, at most ${MAX_CONDITIONS} are looked at; many values go into one \`in\``,
    )
  }
  return filters.map((filter, at) => compileFilter(entity, filter, `${place}[${at}]`, params))
}

/** The paths that conditions look at, whichever spelling they use. */
export function filteredPaths(filters: readonly Filter[]): readonly string[] {
  return filters.map(({ keyAlias }) => keyAlias.value ?? '')
}

function compileFilter<View extends object>(
  entity: Entity<View>,
  { keyAlias, valueAlias, operatorAlias }: Filter,
  place: string,
  params: Params,
): string {
  const target = resolvePath(entity, keyAlias.value ?? '', `${place}.${keyAlias.case ?? 'key'}`)
  const operator = namedOperator(operatorAlias.value ?? '', `${place}.${operatorAlias.case ?? 'operator'}`)
  const valuePlace = `${place}.${valueAlias.case ?? 'value'}`
  if (valueAlias.value === undefined)
    return refuse(valuePlace, 'it is required; write null to look for what is absent')
  const comparand = { value: plainValue(valueAlias.value, valuePlace), place: valuePlace }
  return applyOperator(operator, operandOf(target, params), comparand, params.now)
}

function namedOperator(name: string, place: string): Operator {
  const operator = findOperator(name)
  if (operator !== undefined) return operator
  const problem = name === '' ? 'it is required, and was missing or empty' : `${quote(name)} is no operator`
  return refuse(place, `${problem}; there are ${OPERATOR_NAMES.join(', ')}`)
}

function applyOperator(
  operator: Operator,
  operand: ReturnType<typeof operandOf>,
  comparand: Comparand,
  now: Date,
): string {
  const { value, place } = comparand
  switch (operator.takes) {
    case 'single':
      if (Array.isArray(value))
        refuse(place, 'the operator takes one value, got a list', 'ERROR_OPERATOR_VALUE_TYPE')
      return operator.sql(operand, comparand, now)
    case 'boolean':
      if (typeof value === 'boolean') return operator.sql(operand, value)
      return refuse(
        place,
        `the operator takes true or false, got ${kindOf(value)}`,
        'ERROR_OPERATOR_BOOLEAN_TYPE',
      )
    case 'object':
      if (!isObject(value))
        return refuse(
          place,
          `the operator takes an object, got ${kindOf(value)}`,
          'ERROR_OPERATOR_DICT_VALUE_TYPE',
        )
      return operator.sql(operand, toPairs(value, place), place)
    case 'list':
    case 'filled list': {
      if (isNested(value) && Array.isArray(value)) {
        if (operator.takes === 'filled list' && value.length === 0) {
          refuse(place, 'the list is empty; leave the condition out to look for none')
        }
        return operator.sql(
          operand,
          value.map((one, at) => ({ value: one, place: `${place}[${at}]` })),
        )
      }
      return refuse(
        place,
        `the operator takes a list, got ${kindOf(value)}`,
        'ERROR_OPERATOR_LIST_VALUE_TYPE',
      )
    }
  }
}

function toPairs(value: PlainObject, place: string): readonly Pair[] {
  return Object.entries(value).map(([path, inside]) => {
    const comparand = { value: inside, place: `${place}.${path}` }
    if (path === '' || path.split('.').includes(''))
      refuse(comparand.place, 'the path has an empty step; write names with single dots between')
    if (Array.isArray(inside))
      refuse(
        comparand.place,
        'an object is matched by single values, got a list',
        'ERROR_OPERATOR_VALUE_TYPE',
      )
    return { path, comparand }
  })
}

const MAX_CONDITIONS = 1_000
