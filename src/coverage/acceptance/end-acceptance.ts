import type { Context } from '../../access/index.ts'
import { FailedPrecondition, NotFound, RequiredParameter } from '../../core/errors.ts'
import { nameDecider } from '../decider.ts'
import { findStored } from '../sql/acceptances.ts'

export type AcceptanceKey = { readonly domainId: string; readonly acceptanceId: string }

/**
 * Ends an acceptance, also one whose time is over: what it accepted is a gap like any other. It stays listed
 * as ended.
 */
export async function endAcceptance(ctx: Context, key: AcceptanceKey): Promise<void> {
  const { domainId, acceptanceId } = key
  if (acceptanceId === '') throw new RequiredParameter('acceptance_id')
  const by = nameDecider(ctx)
  const rows = await ctx.db.query(
    `update acceptance set ended_at = now(), ended_by = $3
      where domain_id = $1 and acceptance_id = $2 and ended_at is null
     returning 1 as done`,
    [domainId, acceptanceId, by],
  )
  if (rows.length === 0) {
    if ((await findStored(ctx.db, key)) === undefined) throw new NotFound('acceptance', acceptanceId)
    throw new FailedPrecondition(
      'ERROR_ACCEPTANCE_STATE',
      `acceptance '${acceptanceId}' was ended already; nothing was changed. List those that are not`,
    )
  }
  ctx.log.info(key, 'acceptance ended')
}
