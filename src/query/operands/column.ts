import type { ColumnField } from '../entity.ts'
import type { Params } from '../params.ts'
import { refuse } from '../refuse.ts'
import type { Comparand } from '../value.ts'
import { COLUMN_CODECS, encodeText } from './column-types.ts'
import { likeAny } from './like-any.ts'
import type { Comparison, Operand } from './operand.ts'

/** Conditions on a column. Equality stays `column = parameter`, so that indexes serve it. */
export function columnOperand(field: ColumnField, params: Params): Operand {
  const { sql, type } = field
  const { cast, encode } = COLUMN_CODECS[type]
  const isText = type === 'text' || type === 'enum'
  const bind = (comparand: Comparand, ordering = false): string =>
    `${params.add(encode(comparand, ordering))}::${cast}`

  const operand: Operand = {
    value: () => sql,
    equals(comparand) {
      const value = bind(comparand)
      return type === 'timestamp'
        ? `(${sql} >= ${value} and ${sql} < ${value} + ${MILLISECOND})`
        : `${sql} = ${value}`
    },
    isAbsent: () => (isText ? `(${sql} is null or ${sql} = '')` : `${sql} is null`),
    exists: () => (isText ? `${sql} <> ''` : `${sql} is not null`),
    isIn(comparands) {
      const values = params.add(comparands.map((comparand) => encode(comparand, false)))
      const stored = type === 'timestamp' ? `date_trunc('milliseconds', ${sql})` : sql
      return `${stored} = any(${values}::${cast}[])`
    },
    containsAny(comparands) {
      if (!isText) return operand.isIn(comparands)
      return likeAny(sql, comparands.map(encodeText), params)
    },
    compare(comparison, comparand) {
      if (type === 'bool')
        return refuse(comparand.place, 'the field holds true or false, which have no order')
      const value = bind(comparand, true)
      return type === 'timestamp' ? compareInstants(sql, comparison, value) : `${sql} ${comparison} ${value}`
    },
  }
  return operand
}

const MILLISECOND = `interval '1 millisecond'`

// The stored microseconds are not shown, so they must not decide: `.678` holds for all of that millisecond.
function compareInstants(sql: string, comparison: Comparison, value: string): string {
  if (comparison === '>') return `${sql} >= ${value} + ${MILLISECOND}`
  if (comparison === '<=') return `${sql} < ${value} + ${MILLISECOND}`
  return `${sql} ${comparison} ${value}`
}
