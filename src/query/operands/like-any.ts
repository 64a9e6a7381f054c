import type { Params } from '../params.ts'

/**
 * A predicate: the SQL text value has one of these words inside it, in any case. Wildcards in them are taken
 * literally.
 */
export function likeAny(sql: string, words: readonly string[], params: Params): string {
  const patterns = words.map(toPattern)
  // One pattern without an array, which is the faster and the one that a trigram index serves.
  if (patterns.length === 1) return `${sql} ilike ${params.add(patterns[0])}::text`
  return `${sql} ilike any(${params.add(patterns)}::text[])`
}

/** The same where the text is in lower case already: `ilike` would fold every row again. */
export function likeLower(sql: string, word: string, params: Params): string {
  return `${sql} like lower(${params.add(toPattern(word))}::text)`
}

function toPattern(word: string): string {
  return `%${word.replace(/[\\%_]/g, '\\$&')}%`
}
