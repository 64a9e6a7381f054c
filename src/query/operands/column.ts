import type { ColumnField } from '../entity.ts'
import type { Params } from '../params.ts'
import { patternText } from '../pattern.ts'
import { refuse } from '../refuse.ts'
import type { Comparand } from '../value.ts'
import { COLUMN_CODECS, encodeText } from './column-types.ts'
import { compareInstants, instantOfText, MILLISECOND } from './instants.ts'
import { likeAny } from './like-any.ts'
import { NO_OBJECTS, type Operand } from './operand.ts'
import { textMatches } from './text-matches.ts'

/**
 * Conditions on a column. Equality stays `column = parameter`, so that indexes serve it. Text that is null is
 * empty text: a message cannot tell the two apart, so no condition does.
 */
export function columnOperand(field: ColumnField, params: Params): Operand {
  const { sql, type } = field
  const { cast, encode, holds } = COLUMN_CODECS[type]
  const isText = type === 'text' || type === 'enum'
  const bind = (comparand: Comparand, ordering = false): string =>
    `${params.add(encode(comparand, ordering))}::${cast}`

  const text = field.nullable ? `coalesce(${sql}, '')` : sql
  const isEmpty = `(${sql} is null or ${sql} = '')`

  const operand: Operand = {
    value: () => sql,
    equals(comparand) {
      if (isText && comparand.value === '') return isEmpty
      const value = bind(comparand)
      return type === 'timestamp'
        ? `(${sql} >= ${value} and ${sql} < ${value} + ${MILLISECOND})`
        : `${sql} = ${value}`
    },
    isAbsent: () => (isText ? isEmpty : `${sql} is null`),
    exists: () => (isText ? `${sql} <> ''` : `${sql} is not null`),
    isIn(comparands) {
      const values = params.add(comparands.map((comparand) => encode(comparand, false)))
      const stored = type === 'timestamp' ? `date_trunc('milliseconds', ${sql})` : sql
      const found = `${stored} = any(${values}::${cast}[])`
      return isText && comparands.some(({ value }) => value === '') ? `(${found} or ${isEmpty})` : found
    },
    containsAny(comparands) {
      if (!isText) return operand.isIn(comparands)
      return likeAny(text, comparands.map(encodeText), params)
    },
    compare(comparison, comparand) {
      if (type === 'bool')
        return refuse(comparand.place, 'the field holds true or false, which have no order')
      const value = bind(comparand, true)
      return type === 'timestamp'
        ? compareInstants(sql, comparison, value)
        : `${isText ? text : sql} ${comparison} ${value}`
    },
    compareInstant(comparison, instant, place) {
      const value = `${params.add(instant.toISOString())}::timestamptz`
      if (type === 'timestamp') return compareInstants(sql, comparison, value)
      if (type === 'text') return `${instantOfText(sql)} ${comparison} ${value}`
      return refuse(place, `the field holds ${holds}, which are no instants`)
    },
    matchesPattern(comparands) {
      const [first] = comparands
      if (first !== undefined && !isText)
        refuse(first.place, `regular expressions look at text, and the field holds ${holds}`)
      return textMatches(
        text,
        comparands.map((comparand) => patternText(comparand, params)),
        params,
      )
    },
    matchesPairs: (_, place) => refuse(place, NO_OBJECTS),
  }
  return operand
}
