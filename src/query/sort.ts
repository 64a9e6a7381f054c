import type { Sort } from '../gen/spaceone/api/core/v1/query_pb.ts'
import type { Entity, SortTerm } from './entity.ts'
import { operandOf } from './operands/index.ts'
import type { Params } from './params.ts'
import { resolvePath } from './path.ts'
import { refuse } from './refuse.ts'

/** One term of an `order by`: what is compared, and which way. */
type OrderBy = { readonly sql: string; readonly direction: string }

/** The `order by` list, as `orderTerms` says. */
export function compileSort<View extends object>(
  entity: Entity<View>,
  sort: Sort | undefined,
  params: Params,
): string {
  return orderTerms(entity, sort, params)
    .map(({ sql, direction }) => `${sql} ${direction}`)
    .join(', ')
}

/**
 * What an `order by` lists. It ends with the key, so that rows that are otherwise equal have one order and
 * pages neither repeat nor skip any. Absent values come first, and last when descending. Inside documents
 * null comes next, then text, numbers, booleans, lists and objects; a path that sorts does not run through
 * lists.
 */
export function orderTerms<View extends object>(
  entity: Entity<View>,
  sort: Sort | undefined,
  params: Params,
): readonly OrderBy[] {
  return sortTerms(entity, sort).map(({ key, desc, place }) => {
    const target = resolvePath(entity, key, place)
    const value = operandOf(target, params).value?.()
    if (value === undefined) return refuse(place, `'${key}' is not one value, it has no order`)
    const isNullable =
      target.field.kind === 'document' || (target.field.kind === 'column' && target.field.nullable)
    const nulls = desc ? ' nulls last' : ' nulls first'
    return { sql: value, direction: `${desc ? 'desc' : 'asc'}${isNullable ? nulls : ''}` }
  })
}

/** The paths that a list is ordered by: those asked for, or the entity's own, and its key. */
export function sortPaths<View extends object>(
  entity: Entity<View>,
  sort: Sort | undefined,
): readonly string[] {
  return sortTerms(entity, sort).map(({ key }) => key)
}

type PlacedTerm = { readonly key: string; readonly desc: boolean; readonly place: string }

function sortTerms<View extends object>(entity: Entity<View>, sort: Sort | undefined): readonly PlacedTerm[] {
  const asked = askedTerms(sort)
  const terms = asked.length > 0 ? asked : entity.sort.map((term) => place(term, 'query.sort'))
  if (terms.length > MAX_SORT_KEYS)
    refuse('query.sort.keys', `it has ${terms.length} keys, at most ${MAX_SORT_KEYS} are used`)
  if (terms.some(({ key }) => key === entity.key)) return terms
  return [...terms, { key: entity.key, desc: terms.at(-1)?.desc ?? false, place: 'query.sort' }]
}

function askedTerms(sort: Sort | undefined): readonly PlacedTerm[] {
  if (sort === undefined) return []
  if (sort.key !== '') return [place(sort, 'query.sort.key')]
  return sort.keys.map((term, at) => place(term, `query.sort.keys[${at}].key`))
}

function place({ key, desc }: SortTerm, at: string): PlacedTerm {
  return { key, desc: desc ?? false, place: at }
}

const MAX_SORT_KEYS = 32
