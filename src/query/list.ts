import type { Context } from '../access/index.ts'
import { NotFound, RequiredParameter } from '../core/errors.ts'
import type { Sql, Transaction } from '../storage/index.ts'
import { type CompiledQuery, compileGet, compileList, type ListInput, selectList } from './compile.ts'
import type { Entity } from './entity.ts'
import { type Selected, selectFields } from './only.ts'
import type { Params } from './params.ts'
import { checkPatterns } from './pattern.ts'
import { type StoredRow, toView } from './row.ts'

export type Page<View> = { readonly rows: readonly View[]; readonly totalCount: number }

type RunListOptions<View> = {
  readonly timeoutMs?: number
  /** `keys` are those of `rows`, in their order. */
  readonly alsoRead?: (
    tx: Transaction,
    page: { readonly keys: readonly string[]; readonly rows: readonly View[] },
  ) => Promise<void>
}

/**
 * Lists what a query asks for, in the shape of the noun's message, with the exact number of matches. One
 * read-only transaction with a time limit (ERROR_STATEMENT_TIMEOUT), ended early when the caller leaves.
 */
export async function listEntities<View extends object>(
  ctx: Context,
  entity: Entity<View>,
  input: ListInput,
  { timeoutMs = QUERY_TIMEOUT_MS }: { readonly timeoutMs?: number } = {},
): Promise<Page<View>> {
  const compiled = compileList(entity, { now: ctx.now(), ...input })
  return runList(ctx, entity, input.domainId, compiled, { timeoutMs })
}

/**
 * Runs a compiled list, as `listEntities` does. `alsoRead` looks at the page in the same transaction, after
 * it was read.
 */
export async function runList<View extends object>(
  ctx: Context,
  entity: Entity<View>,
  domainId: string,
  { text, params, selected, patterns }: CompiledQuery,
  { timeoutMs = QUERY_TIMEOUT_MS, alsoRead = async () => {} }: RunListOptions<View> = {},
): Promise<Page<View>> {
  return ctx.db.transaction(
    async (tx) => {
      await checkPatterns(tx, patterns)
      const found = await tx.query<StoredRow & { readonly totalCount: number }>(text, params)
      const rows = await toViews(tx, entity, domainId, selected, found)
      const keys = found.flatMap(({ rowKey }) => (rowKey === null ? [] : [rowKey]))
      await alsoRead(tx, { keys, rows })
      return { rows, totalCount: Number(found[0]?.totalCount ?? 0) }
    },
    { readOnly: true, isCallersQuery: true, statementTimeoutMs: timeoutMs, signal: ctx.signal },
  )
}

/**
 * Reads one row by its key, in any state; an unknown id is NOT_FOUND. One prepared statement without a
 * transaction around it: reading by key needs no snapshot but its own, and each further round trip would cost
 * as much as the read.
 */
export async function getEntity<View extends object>(
  ctx: Context,
  entity: Entity<View>,
  input: { readonly domainId: string; readonly id: string; readonly only?: readonly string[] },
): Promise<View> {
  if (input.id === '') throw new RequiredParameter(entity.key)
  const { text, params, selected, name } = compileGet(entity, { ...input, only: input.only ?? [] })
  const found = await ctx.db.query<StoredRow>(text, params, name === undefined ? {} : { name })
  const [view] = await toViews(ctx.db, entity, input.domainId, selected, found)
  if (view === undefined) throw new NotFound(entity.noun, input.id)
  return view
}

/**
 * Reads the one row of a source that gives no more, with the fields of `only`, or all; undefined when there
 * is none.
 */
export async function readRow<View extends object>(
  sql: Sql,
  entity: Entity<View>,
  {
    domainId,
    only,
    from,
    params,
  }: {
    readonly domainId: string
    readonly only: readonly string[]
    readonly from: string
    readonly params: Params
  },
): Promise<View | undefined> {
  const selected = selectFields(entity, { only, minimal: false, place: 'only' })
  const found = await sql.query<StoredRow>(
    `select ${selectList(entity, selected)} from ${from} t`,
    params.values,
  )
  return (await toViews(sql, entity, domainId, selected, found))[0]
}

async function toViews<View extends object>(
  sql: Sql,
  entity: Entity<View>,
  domainId: string,
  selected: readonly Selected[],
  found: readonly StoredRow[],
): Promise<readonly View[]> {
  // A page without rows still brings the count, in one row without a key.
  const stored = found.filter(({ rowKey }) => rowKey !== null)
  const keys = stored.map(({ rowKey }) => rowKey ?? '')
  const collections = new Map<Selected, ReadonlyMap<string, unknown>>()
  for (const one of selected) {
    if (one.field.kind !== 'collection' || keys.length === 0) continue
    collections.set(one, await one.field.load(sql, domainId, keys))
  }
  return stored.map((row) => asViewOf(entity, toView(selected, row, collections)))
}

// The declaration is what ties fields to the message; its own tests compare the two.
function asViewOf<View extends object>(_entity: Entity<View>, view: object): View {
  return view as View
}

/** Long enough for a scan of a large domain, short enough to give the connection back. */
const QUERY_TIMEOUT_MS = 20_000
