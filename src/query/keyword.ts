import type { Entity } from './entity.ts'
import { operandOf } from './operands/index.ts'
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
  if (words.size > MAX_WORDS) refuse(place, `it has ${words.size} words, at most ${MAX_WORDS} are looked for`)
  return [...words].map((word) => {
    const found = entity.keywords.map((path) =>
      operandOf(resolvePath(entity, path, place), params).containsAny([{ value: word, place }]),
    )
    return `(${found.join(' or ')})`
  })
}

const MAX_KEYWORD = 1_024
const MAX_WORDS = 32
