import { type CompiledQuery, compileWhere, keySql, type ListFromInput, selectList } from './compile.ts'
import type { Entity } from './entity.ts'
import { selectFields } from './only.ts'
import { pageWindow } from './page.ts'
import { Params } from './params.ts'
import { orderTerms } from './sort.ts'

/** Where the rows of a list come from when they are not those of one table. */
export type Sources = {
  /** Tables, views or names of common table expressions: each row of the entity is in exactly one of them. */
  readonly from: readonly string[]
  /** SQL of how many rows hold a condition over `t`. */
  readonly count: (where: string) => string
  /** What follows `from` to read the one row of this key. */
  readonly byKey: (key: string) => string
  /** Puts before a statement what it takes to read from them. */
  readonly prepare: (statement: string) => string
}

/** Finds the sources, which may bind parameters. */
type FindSources = (params: Params) => Sources

/**
 * Compiles a list request over several sources, as `compileList` does over one table. Each source gives its
 * first rows in the order asked for, up to the end of the page, so that an index may serve it; documents are
 * read for the keys of the page alone.
 */
export function compileListFrom<View extends object>(
  entity: Entity<View>,
  input: ListFromInput,
  findSources: FindSources,
): CompiledQuery {
  const { query } = input
  const params = new Params(input.now)
  const where = compileWhere(entity, input, params)
  const selected = selectFields(entity, {
    only: query?.only ?? [],
    minimal: query?.minimal ?? false,
    place: 'query.only',
  })
  if (query?.countOnly) {
    // Sort is checked all the same, but its parameters have no place in a count.
    orderTerms(entity, query.sort, new Params(input.now))
    const { count, prepare } = findSources(params)
    const text = prepare(`select ${count(where)} as total_count, null as row_key`)
    return { text, params: params.values, selected: [], patterns: params.patterns }
  }
  const order = orderTerms(entity, query?.sort, params)
  const sources = findSources(params)
  const { limit, offset } = pageWindow(query?.page)
  const last = params.add(limit + offset)
  const firstOf = (table: string): string => {
    const terms = order.map(({ sql }, at) => `${sql} as o${at}`)
    const by = order.map(({ sql, direction }) => `${sql} ${direction}`)
    return `(select ${keySql(entity)} as row_key, ${terms.join(', ')} from ${table} t where ${where} order by ${by.join(', ')} limit ${last})`
  }
  const by = order.map(({ direction }, at) => `o${at} ${direction}`).join(', ')
  const page = `select q.* from (${sources.from.map(firstOf).join(' union all ')}) q order by ${by} limit ${params.add(limit)} offset ${params.add(offset)}`
  const keys = `select row_number() over () as ordinal, p.row_key from (${page}) p`
  const row = `select ${selectList(entity, selected)} from ${sources.byKey('k.row_key')} t offset 0`
  const rows = `select k.ordinal, r.* from (${keys}) k cross join lateral (${row}) r`
  const total = `select ${input.withoutTotal ? '0' : sources.count(where)} as total_count`
  const text = `select c.total_count, p.* from (${total}) c left join (${rows}) p on true order by p.ordinal`
  return { text: sources.prepare(text), params: params.values, selected, patterns: params.patterns }
}
