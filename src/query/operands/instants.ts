import type { Comparison } from './operand.ts'

/**
 * Compares a `timestamptz` with an instant. The stored microseconds are not shown, so they must not decide:
 * `.678` holds for all of that millisecond.
 */
export function compareInstants(sql: string, comparison: Comparison, value: string): string {
  if (comparison === '>') return `${sql} >= ${value} + ${MILLISECOND}`
  if (comparison === '<=') return `${sql} < ${value} + ${MILLISECOND}`
  return `${sql} ${comparison} ${value}`
}

/**
 * SQL of the instant that stored text spells in ISO 8601, cut to milliseconds and UTC when it names no zone;
 * null for other text. The expression lets only dates of the calendar pass, because a cast that fails ends
 * the whole statement.
 */
export function instantOfText(sql: string): string {
  return (
    `(select (m.part[1] || ' ' || coalesce(m.part[2], '00:00') || ':' || coalesce(m.part[3], '00') || '.' ||` +
    ` coalesce(m.part[4], '0') || coalesce(m.part[5], 'Z'))::timestamptz` +
    ` from regexp_match(${sql}, '${INSTANT}') as m (part))`
  )
}

export const MILLISECOND = `interval '1 millisecond'`

const LEAP_YEAR = String.raw`(?!0000)(?:\d\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)`
const DAY_OF_MONTH = [
  String.raw`(?!0000)\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])`,
  String.raw`(?!0000)\d{4}-(?:0[13-9]|1[0-2])-(?:29|30)`,
  String.raw`(?!0000)\d{4}-(?:0[13578]|1[02])-31`,
  `${LEAP_YEAR}-02-29`,
].join('|')
const CLOCK = String.raw`((?:[01]\d|2[0-3]):[0-5]\d)(?::([0-5]\d)(?:[.,](\d{1,3})\d{0,6})?)?`
const ZONE = String.raw`\s?([Zz]|[+-](?:0\d|1[0-5])(?::?[0-5]\d)?)`
const INSTANT = String.raw`^\s*(${DAY_OF_MONTH})(?:[Tt ]${CLOCK}(?:${ZONE})?)?\s*$`
