import type { Context } from '../../access/index.ts'
import { FailedPrecondition, NotFound } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import type { Sql, Transaction } from '../../storage/index.ts'
import { nameDecider } from '../decider.ts'
import { IN_FORCE } from '../sql/acceptances.ts'
import { type AcceptInput, isOver, type NewAcceptance, parseAcceptance } from './new-acceptance.ts'

const MAX_IN_FORCE = 1_000

/**
 * Accepts the gaps that a scope has, now and later: they are counted and told apart. Returns the id of the
 * acceptance.
 */
export async function acceptGaps(ctx: Context, input: AcceptInput): Promise<string> {
  const wanted = parseAcceptance(input, ctx.now())
  const by = nameDecider(ctx)
  const acceptanceId = newId('acceptance')
  const { domainId, collectorId } = wanted
  await ctx.db.transaction(async (tx) => {
    await assertCollector(tx, wanted)
    // One after the other, so that the limit holds.
    await tx.query('select 1 from domain where domain_id = $1 for no key update', [domainId])
    await assertRoom(tx, domainId)
    await insertAcceptance(tx, { ...wanted, acceptanceId, by })
  })
  ctx.log.info({ domainId, collectorId, acceptanceId }, 'gaps accepted')
  return acceptanceId
}

/** One that was deleted has left its claims, and the ledger tells of them. */
async function assertCollector(sql: Sql, { domainId, collectorId }: NewAcceptance): Promise<void> {
  const rows = await sql.query(
    `select 1 from collector where domain_id = $1 and collector_id = $2
      union all
     select 1 from contributor where domain_id = $1 and collector_id = $2`,
    [domainId, collectorId],
  )
  if (rows.length === 0) throw new NotFound('collector', collectorId)
}

async function assertRoom(sql: Sql, domainId: string): Promise<void> {
  const [row] = await sql.query<{ count: number }>(
    `select count(*)::int as count from acceptance where domain_id = $1 and ${IN_FORCE}`,
    [domainId],
  )
  if ((row?.count ?? 0) < MAX_IN_FORCE) return
  throw new FailedPrecondition(
    'ERROR_TOO_MANY_ACCEPTANCES',
    `the domain accepts gaps by ${MAX_IN_FORCE} acceptances, as many as one may have, so none was added. End those that accept nothing any more, or accept more at once`,
  )
}

async function insertAcceptance(
  tx: Transaction,
  acceptance: NewAcceptance & { readonly acceptanceId: string; readonly by: string },
): Promise<void> {
  const { domainId, acceptanceId, collectorId, secretId, name, classes, reason, by, until } = acceptance
  const rows = await tx.query(
    `insert into acceptance (domain_id, acceptance_id, collector_id, secret_id, provider, cloud_service_group,
                             cloud_service_type, account, region_code, classes, reason, accepted_by, until)
     select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13
      where $13::timestamptz is null or $13::timestamptz > now()
     returning 1 as stored`,
    [
      domainId,
      acceptanceId,
      collectorId,
      secretId,
      name.provider,
      name.cloudServiceGroup,
      name.cloudServiceType,
      name.account,
      name.regionCode,
      classes,
      reason,
      by,
      until ?? null,
    ],
  )
  if (rows.length === 0 && until !== undefined) throw isOver(until)
}
