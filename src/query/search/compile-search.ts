import { InvalidParameter } from '../../core/errors.ts'
import type { Filter } from '../../gen/spaceone/api/core/v1/query_pb.ts'
import { compileFilters } from '../filter.ts'
import { compileKeyword } from '../keyword.ts'
import { Params } from '../params.ts'
import { resolvePath } from '../path.ts'
import { filter, filterOf, partFilters, type Stored } from './conditions.ts'
import { type Condition, parse, type Term, type Word } from './parse.ts'
import { resolveField, type Searched } from './resolve-field.ts'
import { SearchError, type Span } from './search-error.ts'

/** A search in the terms of the API's `Query`. */
export type CompiledSearch = {
  readonly filter: readonly Filter[]
  readonly filterOr: readonly Filter[]
  readonly keyword: string
}

/**
 * Turns what somebody typed into the filters and keyword that mean the same, so that a search box can do
 * nothing that the API cannot. Everything that is wrong with the text is a `SearchError` that points into it:
 * each filter is also compiled here once, because what the API would refuse has a place in the text too.
 */
export function compileSearch<View extends object>(text: string, searched: Searched<View>): CompiledSearch {
  const meant = parse(text).map((term) => {
    const meaning = meaningOf(text, searched, term)
    assertAnswerable(text, spanAtFault(term), searched, joined([meaning]))
    return { term, meaning }
  })
  assertOneAlternative(text, meant)
  const compiled = joined(meant.map(({ meaning }) => meaning))
  const last = meant.at(-1)?.term
  // What each may, all together may be too many.
  if (last !== undefined) assertAnswerable(text, last, searched, compiled)
  return compiled
}

/** What one term adds. A query has room for one `anyOf` only. */
type Meaning = {
  readonly allOf: readonly Filter[]
  readonly anyOf: readonly Filter[]
  readonly words: readonly string[]
}

const NOTHING: Meaning = { allOf: [], anyOf: [], words: [] }

function joined(meanings: readonly Meaning[]): CompiledSearch {
  return {
    filter: meanings.flatMap(({ allOf }) => allOf),
    filterOr: meanings.flatMap(({ anyOf }) => anyOf),
    keyword: meanings.flatMap(({ words }) => words).join(' '),
  }
}

function assertOneAlternative(
  text: string,
  meant: readonly { readonly term: Term; readonly meaning: Meaning }[],
): void {
  const [first, second] = meant.filter(({ meaning }) => meaning.anyOf.length > 0)
  if (first === undefined || second === undefined) return
  const place = [...text.slice(0, first.term.start)].length + 1
  const advice = `a query has room for one, and it stands at character ${place}`
  throw new SearchError(text, second.term, 'a second quoted phrase or negated kind', advice)
}

function meaningOf<View extends object>(text: string, searched: Searched<View>, term: Term): Meaning {
  return term.kind === 'word' ? wordMeaning(searched, term) : conditionMeaning(text, searched, term)
}

// A keyword is split at spaces, so a phrase is looked for in each of the fields that a keyword would look at.
function wordMeaning<View extends object>({ entity }: Searched<View>, { text, isNegated }: Word): Meaning {
  if (text.trim() === '') return NOTHING
  if (isNegated) {
    return { ...NOTHING, allOf: entity.keywords.map((path) => filter(path, 'not_contain', text)) }
  }
  if (!/\s/.test(text)) return { ...NOTHING, words: [text] }
  return { ...NOTHING, anyOf: entity.keywords.map((path) => filter(path, 'contain', text)) }
}

function conditionMeaning<View extends object>(
  text: string,
  searched: Searched<View>,
  condition: Condition,
): Meaning {
  const field = resolveField(text, searched, condition)
  if (field.kind === 'parts') {
    const filters = partFilters(text, condition, field)
    return condition.isNegated ? { ...NOTHING, anyOf: filters } : { ...NOTHING, allOf: filters }
  }
  const stored = storedAs(text, searched, condition, field.path)
  return { ...NOTHING, allOf: [filterOf(text, condition, { ...field, stored })] }
}

function storedAs<View extends object>(
  text: string,
  { entity }: Searched<View>,
  { field }: Condition,
  path: string,
): Stored {
  const target = pointingAt(text, field, () => resolvePath(entity, path, 'key'))
  if (target.field.kind === 'column' && target.field.type === 'timestamp') return 'instant'
  if (target.field.kind !== 'document') return 'plain'
  if (target.steps.length > 0) return 'document'
  throw new SearchError(text, field, `'${path}' is a whole document`, `name what is in it, as ${path}.KEY`)
}

function assertAnswerable<View extends object>(
  text: string,
  span: Span,
  { entity }: Searched<View>,
  { filter, filterOr, keyword }: CompiledSearch,
): void {
  pointingAt(text, span, () => {
    compileFilters(entity, [...filter, ...filterOr], 'query.filter', new Params())
    compileKeyword(entity, keyword, 'query.keyword', new Params())
  })
}

function spanAtFault(term: Term): Span {
  if (term.kind === 'word') return term
  return { start: term.values[0]?.start ?? term.start, end: term.end }
}

/** Runs what refuses by naming a place in a query, and refuses by pointing into the text instead. */
function pointingAt<T>(text: string, span: Span, run: () => T): T {
  try {
    return run()
  } catch (thrown) {
    if (!(thrown instanceof InvalidParameter)) throw thrown
    const [problem = '', ...advice] = thrown.reason.split('; ')
    throw new SearchError(text, span, problem, advice.length === 0 ? undefined : advice.join('; '))
  }
}
