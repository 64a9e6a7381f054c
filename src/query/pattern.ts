import { type Sql, sqlState } from '../storage/index.ts'
import type { Params, Pattern } from './params.ts'
import { quote, refuse } from './refuse.ts'
import { type Comparand, kindOf } from './value.ts'

/**
 * The text of a caller's regular expression, noted in `params` so that `checkPatterns` sees it. Never made a
 * RegExp of JavaScript, whose engine can be held up for hours: only PostgreSQL runs it, under the statement's
 * time limit.
 */
export function patternText({ value, place }: Comparand, params: Params): string {
  if (typeof value !== 'string') return refuse(place, `a regular expression is text, got ${kindOf(value)}`)
  if (value.length > MAX_PATTERN) {
    refuse(place, `the regular expression has ${value.length} characters, at most ${MAX_PATTERN} are read`)
  }
  params.patterns.push({ text: value, place })
  if (params.patterns.length > MAX_PATTERNS) {
    refuse(
      place,
      `the query has more than ${MAX_PATTERNS} regular expressions; join some with |, or use contain_in`,
    )
  }
  return value
}

/**
 * Compiles every regular expression once, before the statement that uses them: a wrong one is
 * INVALID_ARGUMENT that names its place, also when the statement would find no row to try it on.
 */
export async function checkPatterns(sql: Sql, patterns: readonly Pattern[]): Promise<void> {
  for (const { text, place } of patterns) {
    try {
      await sql.query(`select '' ~* $1::text`, [text])
    } catch (thrown) {
      if (sqlState(thrown) !== INVALID_REGULAR_EXPRESSION) throw thrown
      const reason = thrown instanceof Error ? thrown.message : String(thrown)
      refuse(place, `${quote(text)} cannot be used: ${reason}`)
    }
  }
}

const INVALID_REGULAR_EXPRESSION = '2201B'
const MAX_PATTERN = 512
/**
 * What one connection of PostgreSQL keeps compiled; one more, and each row would compile all of them again.
 */
const MAX_PATTERNS = 32
