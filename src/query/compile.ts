import type { Query } from '../gen/spaceone/api/core/v1/query_pb.ts'
import type { Entity } from './entity.ts'
import { compileEquals, type Equals } from './equals.ts'
import { compileFilters, filteredPaths } from './filter.ts'
import { compileKeyword } from './keyword.ts'
import { type Selected, selectFields } from './only.ts'
import { pageWindow } from './page.ts'
import { Params, type Pattern } from './params.ts'
import { storableText } from './refuse.ts'
import { compileSort } from './sort.ts'

export type ListInput = {
  readonly domainId: string
  readonly query?: Query | undefined
  /** Fields of the request that must equal, by their name in the request. */
  readonly equals?: Equals
  /** What relative times count from; absent means the present moment. */
  readonly now?: Date
}

export type ListFromInput = ListInput & {
  /** True leaves the number of matches at 0, and does not count. Default false. */
  readonly withoutTotal?: boolean
}

/**
 * One statement with its bound parameters; its columns are `total_count`, `row_key`, and `f0`, `f1` … for
 * `selected`.
 */
export type CompiledQuery = {
  readonly text: string
  readonly params: readonly unknown[]
  readonly selected: readonly Selected[]
  /** Regular expressions of the caller; `checkPatterns` refuses wrong ones before the statement runs. */
  readonly patterns: readonly Pattern[]
}

/**
 * Compiles a list request. The text holds nothing the caller wrote: paths, values and words are all bound.
 *
 * Count and page are one statement, so that they see one snapshot. The count is a subquery of its own: as
 * `count(*) over ()` it would carry every matching document through the sort.
 */
export function compileList<View extends object>(entity: Entity<View>, input: ListInput): CompiledQuery {
  const { query } = input
  const params = new Params(input.now)
  const where = compileWhere(entity, input, params)
  const count = `select count(*) as total_count from ${entity.table} t where ${where}`
  const selected = selectFields(entity, {
    only: query?.only ?? [],
    minimal: query?.minimal ?? false,
    place: 'query.only',
  })
  const order = compileSort(entity, query?.sort, params)
  if (query?.countOnly) return compileCount(entity, input)

  const { limit, offset } = pageWindow(query?.page)
  const window = `where ${where} order by ${order} limit ${params.add(limit)} offset ${params.add(offset)}`
  const page = entity.isWide
    ? wideRows(entity, { selected, window, domainId: params.add(input.domainId) })
    : numbered(`select ${selectList(entity, selected)} from ${entity.table} t ${window}`)
  const text = `select c.total_count, p.* from (${count}) c left join (${page}) p on true order by p.ordinal`
  return { text, params: params.values, selected, patterns: params.patterns }
}

// An ordinal, because a join promises no order.
function numbered(page: string): string {
  return `select row_number() over () as ordinal, q.* from (${page}) q`
}

/**
 * Finds the keys of a page, where an index may know all that is asked, and reads documents for those alone: a
 * sort carries whatever is selected of every match. `offset 0` keeps the planner at one look by key for each
 * row.
 */
function wideRows<View extends object>(
  entity: Entity<View>,
  {
    selected,
    window,
    domainId,
  }: { readonly selected: readonly Selected[]; readonly window: string; readonly domainId: string },
): string {
  const key = keySql(entity)
  const keys = numbered(`select ${key} as row_key from ${entity.table} t ${window}`)
  const row = `select ${selectList(entity, selected)} from ${entity.table} t where t.domain_id = ${domainId} and ${key} = k.row_key offset 0`
  return `select k.ordinal, r.* from (${keys}) k cross join lateral (${row}) r`
}

/**
 * What reading one row has besides a query: a name to prepare it by, when its text is the same for every
 * caller.
 */
type CompiledGet = CompiledQuery & { readonly name?: string }

/** The whole row of each entity, compiled once: most callers want all of it. */
const wholeRows = new WeakMap<object, { readonly text: string; readonly selected: readonly Selected[] }>()

/** Compiles the reading of one row by its key. */
export function compileGet<View extends object>(
  entity: Entity<View>,
  {
    domainId,
    id,
    only,
  }: { readonly domainId: string; readonly id: string; readonly only: readonly string[] },
): CompiledGet {
  const params = [storableText(domainId, 'domain_id'), storableText(id, entity.key)]
  if (only.length > 0) return { ...getStatement(entity, only), params, patterns: [] }
  const whole = wholeRows.get(entity) ?? getStatement(entity, only)
  wholeRows.set(entity, whole)
  return { ...whole, params, patterns: [], name: `get ${entity.noun}` }
}

function getStatement<View extends object>(entity: Entity<View>, only: readonly string[]) {
  const selected = selectFields(entity, { only, minimal: false, place: 'only' })
  const text = `select ${selectList(entity, selected)} from ${entity.table} t where t.domain_id = $1 and ${keySql(entity)} = $2`
  return { text, selected }
}

// Sort and `only` are checked also when nothing is returned, but their parameters have no place in a count.
function compileCount<View extends object>(entity: Entity<View>, input: ListInput): CompiledQuery {
  const params = new Params(input.now)
  const where = compileWhere(entity, input, params)
  return {
    text: `select count(*) as total_count, null as row_key from ${entity.table} t where ${where}`,
    params: params.values,
    selected: [],
    patterns: params.patterns,
  }
}

/** What lists and statistics share: the conditions of a request. */
type Conditions = {
  readonly domainId: string
  readonly query?: Partial<Pick<Query, 'filter' | 'filterOr' | 'keyword'>> | undefined
  readonly equals?: Equals
  /** What relative times count from; absent means the present moment. */
  readonly now?: Date
}

/** The predicate that holds for the rows of the domain which the request is about. */
export function compileWhere<View extends object>(
  entity: Entity<View>,
  input: Conditions,
  params: Params,
): string {
  const { filter = [], filterOr = [], keyword = '' } = input.query ?? {}
  const equals = input.equals ?? {}
  const anyOf = compileFilters(entity, filterOr, 'query.filter_or', params)
  const conditions = [
    `t.domain_id = ${params.add(storableText(input.domainId, 'domain_id'))}`,
    ...compileEquals(entity, equals, params),
    ...compileFilters(entity, filter, 'query.filter', params),
    ...(anyOf.length === 0 ? [] : [anyOf.map((condition) => `(${condition})`).join(' or ')]),
    ...compileKeyword(entity, keyword, 'query.keyword', params),
    ...hiddenRows(
      entity,
      [...filteredPaths([...filter, ...filterOr]), ...equalPaths(entity, equals)],
      params,
    ),
  ]
  return conditions.map((condition) => `(${condition})`).join(' and ')
}

function hiddenRows<View extends object>(
  entity: Entity<View>,
  asked: readonly string[],
  params: Params,
): readonly string[] {
  const { hidden } = entity
  if (hidden === undefined || asked.includes(hidden.field)) return []
  return [`${columnSql(entity, hidden.field)} <> ${params.add(hidden.value)}`]
}

function equalPaths<View extends object>(entity: Entity<View>, equals: Equals): readonly string[] {
  const given = Object.keys(equals).filter((name) => equals[name] !== undefined && equals[name] !== '')
  return given.map((name) => entity.requestFields[name] ?? name)
}

/** What a row is read by: its key, then the selected fields as `f0`, `f1` …, over a table called `t`. */
export function selectList<View extends object>(entity: Entity<View>, selected: readonly Selected[]): string {
  const columns = selected.map(({ field }, at) =>
    field.kind === 'collection' ? [] : [`${field.sql} as f${at}`],
  )
  return [`${keySql(entity)} as row_key`, ...columns.flat()].join(', ')
}

/** The key of an entity, over a table called `t`. */
export function keySql<View extends object>(entity: Entity<View>): string {
  return columnSql(entity, entity.key)
}

function columnSql<View extends object>(entity: Entity<View>, name: string): string {
  const field = entity.fields[name]
  if (field?.kind !== 'column') throw new Error(`the field '${name}' of ${entity.noun} must be a column`)
  return field.sql
}
