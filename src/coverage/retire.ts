import { type Context, nameCaller } from '../access/index.ts'
import { InvalidParameter, NotFound, RequiredParameter } from '../core/errors.ts'
import { cellAt, listClaims, refoldShared, retryConflicts, withdrawClaims } from '../inventory/write/index.ts'
import type { Sql } from '../storage/index.ts'
import { assertNames } from './assert-names.ts'
import { nameDecider } from './decider.ts'
import { recountCells } from './recount-cells.ts'
import { shrinkHolds } from './shrink-holds.ts'
import { listCells } from './sql/cells.ts'

/** What becomes of claims that nobody renews any more. */
export const RETIREMENTS = ['keep', 'delete'] as const
export type Retirement = (typeof RETIREMENTS)[number]

export type RetireInput = {
  readonly domainId: string
  /** Also one that was deleted. */
  readonly collectorId: string
  /** One secret of it; '' for all. */
  readonly secretId: string
  /** Claims of one account; '' for all. Only with `delete`. */
  readonly account: string
  readonly claims: string
}

const STEP = 500

/**
 * Decides what becomes of the claims of a collector, of one secret or of one account, when nobody is going to look
 * again. `keep`: they stay alive, and the ledger says that they are retired. `delete`: they end, and what nobody else
 * claims is DELETED. Returns how many resources are newly DELETED.
 */
export async function retire(ctx: Context, input: RetireInput): Promise<number> {
  const claims = parseRetirement(input)
  const by = nameDecider(ctx)
  assertNames({ secret_id: input.secretId, account: input.account })
  const contributors = await listContributors(ctx.db, input)
  if (contributors.length === 0) await assertCollector(ctx.db, input)
  let deleted = 0
  for (const contributorId of contributors) {
    if (claims === 'delete') deleted += await endAll(ctx, { ...input, by }, contributorId)
    if (input.account === '') await markRetired(ctx, input.domainId, contributorId)
  }
  ctx.log.info({ ...input, deleted }, 'retired')
  return deleted
}

/** Retires what a deleted collector has said: its claims stay, and count last where others speak of the same. */
export async function retireDeletedCollector(
  ctx: Context,
  { domainId, collectorId }: { readonly domainId: string; readonly collectorId: string },
): Promise<void> {
  for (const contributorId of await listContributors(ctx.db, { domainId, collectorId, secretId: '' })) {
    await markRetired(ctx, domainId, contributorId)
    const by = nameCaller(ctx.principal)
    const evidence = { kind: 'retired' as const, ended: [], by, collector_id: collectorId }
    await refoldShared(ctx.db, { domainId, contributorId, evidence, now: ctx.now(), signal: ctx.signal })
  }
}

function parseRetirement({ collectorId, account, claims }: RetireInput): Retirement {
  if (collectorId === '') throw new RequiredParameter('collector_id')
  const retirement = RETIREMENTS.find((each) => each === claims)
  if (claims === '') throw new RequiredParameter('claims')
  if (retirement === undefined)
    throw new InvalidParameter('claims', `'${claims}' is none of ${RETIREMENTS.join(', ')}`)
  if (retirement === 'keep' && account !== '') {
    const reason = 'claims are kept for a secret or a collector as a whole. Leave it out'
    throw new InvalidParameter('account', reason)
  }
  return retirement
}

/** A collector that has never run has nothing to retire; one that is not there is a mistake. */
async function assertCollector(sql: Sql, { domainId, collectorId }: RetireInput): Promise<void> {
  const rows = await sql.query('select 1 from collector where domain_id = $1 and collector_id = $2', [
    domainId,
    collectorId,
  ])
  if (rows.length === 0) throw new NotFound('collector', collectorId)
}

async function listContributors(
  sql: Sql,
  {
    domainId,
    collectorId,
    secretId,
  }: { readonly domainId: string; readonly collectorId: string; readonly secretId: string },
): Promise<readonly number[]> {
  const rows = await sql.query<{ contributorId: number }>(
    `select contributor_id from contributor
      where domain_id = $1 and collector_id = $2 and ($3 = '' or secret_id = $3) order by contributor_id`,
    [domainId, collectorId, secretId],
  )
  return rows.map(({ contributorId }) => contributorId)
}

async function endAll(
  ctx: Context,
  input: RetireInput & { readonly by: string },
  contributorId: number,
): Promise<number> {
  const { domainId, collectorId, account } = input
  const key = { domainId, contributorId }
  const claims = await listClaims(ctx.db, domainId, contributorId)
  const cells = new Map((await listCells(ctx.db, key)).map((cell) => [cell.cell, cell]))
  const slots = [...claims.slots].filter(
    (_, at) => account === '' || cells.get(cellAt(claims, at))?.account === account,
  )
  const evidence = {
    kind: 'retired' as const,
    by: input.by,
    ended: [{ contributor_id: contributorId, collector_id: collectorId, receipts: [] }],
  }
  let deleted = 0
  for (let from = 0; from < slots.length; from += STEP) {
    const ending = slots.slice(from, from + STEP).map((slot) => ({ slot, evidence }))
    deleted += await retryConflicts(
      ctx.db,
      (tx) => withdrawClaims(tx, { ...key, claims: ending, taskSeq: null, now: ctx.now() }),
      { signal: ctx.signal },
    )
  }
  await ctx.db.transaction(async (tx) => {
    await shrinkHolds(tx, key, ctx.now())
    await recountCells(tx, key)
  })
  return deleted
}

async function markRetired(ctx: Context, domainId: string, contributorId: number): Promise<void> {
  await ctx.db.query('update contributor set retired_at = $3 where domain_id = $1 and contributor_id = $2', [
    domainId,
    contributorId,
    ctx.now(),
  ])
}
