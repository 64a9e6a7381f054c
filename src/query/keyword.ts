import type { Entity } from './entity.ts'
import { likeAny, likeLower } from './operands/like-any.ts'
import type { Params } from './params.ts'
import { resolvePath } from './path.ts'
import { refuse, storableText } from './refuse.ts'

/** One predicate a word: it must occur, in any case, in some keyword field. More words find less. */
export function compileKeyword<View extends object>(
  entity: Entity<View>,
  keyword: string,
  place: string,
  params: Params,
): readonly string[] {
  storableText(keyword, place, MAX_KEYWORD)
  const words = new Set(keyword.split(/\s+/).filter((word) => word !== ''))
  if (words.size === 0) return []
  if (words.size > MAX_WORDS) refuse(place, `it has ${words.size} words, at most ${MAX_WORDS} are looked for`)
  const { keywordText: column } = entity
  if (column !== undefined) return [...words].map((word) => likeLower(column, word, params))
  const text = keywordText(entity)
  return [...words].map((word) => likeAny(text, [word], params))
}

/**
 * The one SQL expression in which words are looked for: all keyword fields, a line each. No word holds white
 * space, so none is found across two fields.
 */
export function keywordText<View extends object>(entity: Entity<View>): string {
  return entity.keywords.map((path) => fieldText(entity, path)).join(` || ${LINE_END} || `)
}

function fieldText<View extends object>(entity: Entity<View>, path: string): string {
  const { field } = resolvePath(entity, path, 'keywords')
  if (field.kind === 'list') return `coalesce(array_to_string(${field.sql}, ${LINE_END}), '')`
  if (field.kind === 'column' && (field.type === 'text' || field.type === 'enum')) {
    return field.nullable ? `coalesce(${field.sql}, '')` : field.sql
  }
  throw new Error(`the keyword field '${path}' of ${entity.noun} must be text or a list of texts`)
}

const LINE_END = `E'\\n'`
const MAX_KEYWORD = 1_024
const MAX_WORDS = 32
