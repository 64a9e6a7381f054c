import type { JsonObject } from '@bufbuild/protobuf'
import type { Context } from '../../access/index.ts'
import { sqlState } from '../../storage/index.ts'
import { checkPatterns } from '../pattern.ts'
import { refuse } from '../refuse.ts'
import { type CompiledStat, MAX_ROWS, toObjects } from './statement.ts'

/** Rows as objects, and the number of all where a page was asked for. */
export type ReadRows = { readonly objects: JsonObject[]; readonly totalCount: number | undefined }
type Stored = { readonly ordinal?: unknown; readonly totalCount?: unknown }

/**
 * Runs a compiled statement and reads its rows, with the number of all rows when it was compiled for a page.
 */
export async function readStatement(
  ctx: Context,
  { text, params, patterns, columns, isPaged }: CompiledStat,
  { timeoutMs = QUERY_TIMEOUT_MS }: { readonly timeoutMs?: number } = {},
): Promise<ReadRows> {
  const found = await ctx.db
    .transaction(
      async (tx) => {
        await checkPatterns(tx, patterns)
        return tx.query<Stored>(text, params)
      },
      { readOnly: true, isCallersQuery: true, statementTimeoutMs: timeoutMs, signal: ctx.signal },
    )
    .catch(refuseOverflow)
  if (!isPaged) {
    if (found.length > MAX_ROWS) {
      refuse('query', `it makes more than ${MAX_ROWS} rows; group more coarsely, or ask for a page`)
    }
    return { objects: toObjects(columns, found), totalCount: undefined }
  }
  const rows = found.filter((row) => typeof row.ordinal === 'number')
  return { objects: toObjects(columns, rows), totalCount: Number(found[0]?.totalCount ?? 0) }
}

// Both depend on the data, so no check of the query finds them; and only another query helps.
function refuseOverflow(thrown: unknown): never {
  const state = sqlState(thrown)
  if (state === '22003') return refuse('query', 'one of its figures is larger than a number can be')
  if (state === '54000') return refuse('query', 'one of its values is larger than the database can hold')
  throw thrown
}

/** Long enough for a scan of a large domain, short enough to give the connection back. */
const QUERY_TIMEOUT_MS = 20_000
