import { SYSTEM_DOMAIN } from '../access/index.ts'
import type { Sql } from '../storage/index.ts'
import type { AuditEntry } from './audit-entry.ts'

/** The end of a chain: how many rows it has, and the hash of the last one. */
export type AuditHead = { readonly seq: number; readonly hash: Buffer }

/** More ids than this are not written down; a call that names so many is one about all of them. */
const MAX_IDS = 100

const APPEND =
  'select (head).seq, (head).hash from (select append_audit($1, $2, $3, $4, $5, $6, $7) as head) h'

/**
 * Appends the row of a call to the chain of its domain; the last statement of the transaction that it is
 * about, because it holds the end of that chain until then. Returns undefined, and writes nothing, where that
 * transaction has changed nothing.
 */
export async function appendRecord(
  sql: Sql,
  entry: AuditEntry,
  namedIds: ReadonlySet<string>,
): Promise<AuditHead | undefined> {
  const chain = entry.domainId === '' ? SYSTEM_DOMAIN : entry.domainId
  const { method, role, apiKeyId, requestId, traceId } = entry
  // Statements name who calls, and the call, as well.
  const made = [...namedIds].filter((id) => id !== apiKeyId && id !== requestId)
  const ids = [...new Set([...entry.ids, ...made])].filter((id) => id !== chain)
  const params = [chain, method, role, apiKeyId, ids.slice(0, MAX_IDS), requestId, traceId]
  const [head] = await sql.query<{ readonly seq: number | null; readonly hash: Buffer }>(APPEND, params, {
    name: 'append_audit',
  })
  return head === undefined || head.seq === null ? undefined : { seq: head.seq, hash: head.hash }
}
