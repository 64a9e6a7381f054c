import type { Params } from '../params.ts'

/** A predicate: one of these regular expressions finds something in the SQL text value, in any case. */
export function textMatches(sql: string, patterns: readonly string[], params: Params): string {
  if (patterns.length === 1) return `${sql} ~* ${params.add(patterns[0])}::text`
  return `${sql} ~* any(${params.add(patterns)}::text[])`
}
