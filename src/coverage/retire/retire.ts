import type { Context } from '../../access/index.ts'
import { FailedPrecondition, NotFound } from '../../core/errors.ts'
import { retryConflicts, withdrawClaims } from '../../inventory/write/index.ts'
import type { Sql } from '../../storage/index.ts'
import { nameFields } from '../cells.ts'
import { nameDecider } from '../decider.ts'
import { shrinkHolds } from '../holds/shrink-holds.ts'
import { recountCells } from '../ledger/recount-cells.ts'
import { forgetCells } from '../sql/cells.ts'
import { canDecideDoubt, chooseAgain, chooseClaims } from './choose-claims.ts'
import { parseRetirement, type Retirement, type RetirementInput } from './retirement.ts'

type RetireInput = RetirementInput & { readonly domainId: string }

const STEP = 500

/**
 * Decides what becomes of the claims of a collector, or of a part of them, when nobody is going to look
 * again. `keep`: they stay alive, and the ledger says that they are retired. `delete`: they end, and what
 * nobody else claims is DELETED; of cells that this empties, the ledger knows nothing any more, unless the
 * whole collector or secret is retired. Returns how many resources are newly DELETED.
 */
export async function retire(ctx: Context, input: RetireInput): Promise<number> {
  const retirement = parseRetirement(input)
  const by = nameDecider(ctx)
  const { domainId, collectorId, secretId, claims, presence } = input
  const contributors = await listContributors(ctx.db, input)
  if (contributors.length === 0) await assertCollector(ctx.db, input)
  if (retirement.isInDoubtOnly) await assertDoubtDecidable(ctx.db, domainId, contributors)
  let deleted = 0
  for (const { contributorId } of contributors) {
    if (retirement.claims === 'delete')
      deleted += await endChosen(ctx, { domainId, collectorId, by, contributorId }, retirement)
    if (!retirement.isNarrowed) await markRetired(ctx, domainId, contributorId)
  }
  const what = { domainId, collectorId, secretId, ...nameFields(input.name), presence, claims }
  ctx.log.info({ ...what, deleted }, 'retired')
  return deleted
}

/** A collector that has never run has nothing to retire; one that is not there is a mistake. */
async function assertCollector(sql: Sql, { domainId, collectorId }: RetireInput): Promise<void> {
  const rows = await sql.query('select 1 from collector where domain_id = $1 and collector_id = $2', [
    domainId,
    collectorId,
  ])
  if (rows.length === 0) throw new NotFound('collector', collectorId)
}

async function assertDoubtDecidable(
  sql: Sql,
  domainId: string,
  contributors: readonly Contributor[],
): Promise<void> {
  for (const { contributorId, secretId } of contributors) {
    if (await canDecideDoubt(sql, { domainId, contributorId })) continue
    const whose = secretId === '' ? '' : ` with secret '${secretId}'`
    throw new FailedPrecondition(
      'ERROR_NOT_LISTED',
      `what is of unknown presence cannot be told: since its inputs changed, no run of the collector${whose} has listed anything completely, so that what was not seen may only not have been read. Nothing was retired. Run it first, or leave the presence out`,
    )
  }
}

type Contributor = { readonly contributorId: number; readonly secretId: string }

async function listContributors(
  sql: Sql,
  {
    domainId,
    collectorId,
    secretId,
  }: { readonly domainId: string; readonly collectorId: string; readonly secretId: string },
): Promise<readonly Contributor[]> {
  return await sql.query<Contributor>(
    `select contributor_id, secret_id from contributor
      where domain_id = $1 and collector_id = $2 and ($3 = '' or secret_id = $3) order by contributor_id`,
    [domainId, collectorId, secretId],
  )
}

async function endChosen(
  ctx: Context,
  {
    domainId,
    collectorId,
    by,
    contributorId,
  }: {
    readonly domainId: string
    readonly collectorId: string
    readonly by: string
    readonly contributorId: number
  },
  retirement: Retirement,
): Promise<number> {
  const key = { domainId, contributorId }
  const { slots, cells } = await chooseClaims(ctx.db, key, retirement)
  const ended = [{ contributor_id: contributorId, collector_id: collectorId, receipts: [] }]
  const evidence = { kind: 'retired' as const, by, ended }
  let deleted = 0
  for (let from = 0; from < slots.length; from += STEP) {
    const claims = slots.slice(from, from + STEP).map((slot) => ({ slot, evidence }))
    const withdraw = { ...key, claims, taskSeq: null, now: ctx.now() }
    deleted += await retryConflicts(
      ctx.db,
      (tx) => {
        if (!retirement.isInDoubtOnly) return withdrawClaims(tx, withdraw)
        return withdrawClaims(tx, { ...withdraw, chooseLocked: () => chooseAgain(tx, key, retirement) })
      },
      { signal: ctx.signal },
    )
  }
  await ctx.db.transaction(async (tx) => {
    await shrinkHolds(tx, key, { by, at: ctx.now() })
    await recountCells(tx, key)
    if (retirement.isNarrowed) await forgetCells(tx, key, cells)
  })
  return deleted
}

async function markRetired(ctx: Context, domainId: string, contributorId: number): Promise<void> {
  await ctx.db.query(
    `insert into claim_state (domain_id, contributor_id, retired_at) values ($1, $2, $3)
     on conflict (domain_id, contributor_id) do update set retired_at = excluded.retired_at`,
    [domainId, contributorId, ctx.now()],
  )
}
