import { operandOf } from '../operands/index.ts'
import type { Params } from '../params.ts'
import { quote, refuse } from '../refuse.ts'
import { kindOf } from '../value.ts'
import { locate } from './locate.ts'
import type { Rows } from './rows.ts'
import type { Condition } from './stage.ts'

/**
 * The predicate that all conditions of a figure make; undefined when there are none. They mean what they mean
 * in a filter.
 */
export function compileConditions(
  rows: Rows,
  conditions: readonly Condition[],
  params: Params,
): string | undefined {
  if (conditions.length === 0) return undefined
  return conditions.map((condition) => `(${compileCondition(rows, condition, params)})`).join(' and ')
}

function compileCondition(rows: Rows, condition: Condition, params: Params): string {
  const { operator, operatorPlace, comparand } = condition
  const { value, place } = comparand
  const operand = operandOf(locate(rows, condition.key, params), params)
  if (!OPERATORS.includes(operator)) {
    const problem =
      operator === ''
        ? 'it is required, and was missing or empty'
        : `${quote(operator)} is no operator of a condition`
    refuse(operatorPlace, `${problem}; there are ${OPERATORS.join(', ')}`)
  }
  if (Array.isArray(value)) {
    refuse(place, 'the operator takes one value, got a list', 'ERROR_OPERATOR_VALUE_TYPE')
  }
  if (operator === 'eq' || operator === 'not') {
    const equals = value === null ? operand.isAbsent() : operand.equals(comparand)
    return operator === 'eq' ? equals : `(${equals}) is not true`
  }
  if (value === null) refuse(place, `${kindOf(value)} is neither smaller nor larger than anything`)
  return operand.compare(COMPARISONS[operator] ?? '<', comparand)
}

const COMPARISONS: Readonly<Record<string, '<' | '<=' | '>' | '>='>> = {
  lt: '<',
  lte: '<=',
  gt: '>',
  gte: '>=',
}
const OPERATORS: readonly string[] = ['eq', 'not', ...Object.keys(COMPARISONS)]
