import type { Context } from '../access/index.ts'
import { InvalidParameter } from '../core/errors.ts'
import type { Sql } from '../storage/index.ts'
import type { AuditHead } from './append-record.ts'
import { assertSeesAll, chainOf } from './audit-entity.ts'
import { type ChainResult, type StoredRecord, walkChain } from './find-breaks.ts'
import { NO_HASH } from './record-hash.ts'

type VerifyAuditInput = {
  /** '' for the chain of what belongs to no domain. */
  readonly domainId: string
  /** An end of this chain that was kept elsewhere, in hex; '' for none. */
  readonly head: string
}

type AuditVerification = ChainResult & { readonly head: AuditHead }

/** Rows read at a time: a few hundred kilobytes. */
const PAGE = 2_000

/**
 * Recomputes the chain of a domain from its first row, up to the end that it has when the call begins. Rows
 * that were taken from the end together with the end itself leave a shorter chain that is whole: only a
 * `head` that was kept elsewhere tells that.
 */
export async function verifyAudit(ctx: Context, input: VerifyAuditInput): Promise<AuditVerification> {
  assertSeesAll(ctx)
  const chain = chainOf(input.domainId)
  const kept = parseHead(input.head)
  const { head, lastSeq } = await readHead(ctx.db, chain)
  const walk = walkChain(kept)
  for (let after = FIRST; ; ) {
    ctx.signal.throwIfAborted()
    const page = await ctx.db.query<StoredRecord>(READ_PAGE, [chain, after, `${lastSeq}`], {
      name: 'read_audit_page',
    })
    for (const record of page) walk.next(record)
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) break
    after = last.seq
  }
  return { ...walk.end(head), head }
}

/** The smallest number there is: a row that somebody put before the first one is read as well. */
const FIRST = '-9223372036854775808'

function parseHead(text: string): Buffer | undefined {
  if (text === '') return undefined
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex')
  throw new InvalidParameter('head', 'it is no hash of the audit, which has 64 hex digits')
}

type HeadRow = { readonly seq: number | null; readonly hash: Buffer | null; readonly lastSeq: number | null }

/** In one statement, so that no row that is appended meanwhile seems to stand behind the end. */
async function readHead(sql: Sql, chain: string) {
  const [row] = await sql.query<HeadRow>(READ_HEAD, [chain], { name: 'read_audit_head' })
  const head = { seq: row?.seq ?? 0, hash: row?.hash ?? NO_HASH }
  return { head, lastSeq: row?.lastSeq ?? 0 }
}

const READ_HEAD = `
select h.seq, h.hash, (select max(seq) from audit_record where domain_id = $1) as last_seq
  from (values ($1)) as c (domain_id) left join audit_head h on h.domain_id = c.domain_id`

// Instants and numbers as text: exactly what the hash was taken of, whatever somebody has put there.
const READ_PAGE = `
select domain_id, seq::text, trim_scale(extract(epoch from recorded_at) * 1000000)::text as recorded_at_us,
       method, role, api_key_id, ids, request_id, trace_id, hash
  from audit_record
 where domain_id = $1 and seq > $2::bigint and seq <= $3::bigint
 order by audit_record.seq limit ${PAGE}`
