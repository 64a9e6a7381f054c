import type { Context } from '../access/index.ts'
import { toTimestamp } from '../core/clock.ts'
import { NotFound, RequiredParameter } from '../core/errors.ts'
import type { ClaimedWebhook } from './claim-webhook.ts'
import { type DeliverDeps, sendSigned } from './deliver.ts'
import type { Sent } from './send.ts'
import type { WebhookKey } from './webhook.ts'

/** Sends one event of type `test`, signed like all others, now and once; changes nothing. */
export async function testWebhook(
  ctx: Context,
  deps: Omit<DeliverDeps, 'db' | 'now'>,
  { domainId, webhookId }: WebhookKey,
): Promise<Sent> {
  if (webhookId === '') throw new RequiredParameter('webhook_id')
  const [webhook] = await ctx.db.query<Omit<ClaimedWebhook, 'lease'>>(
    'select * from webhook where domain_id = $1 and webhook_id = $2',
    [domainId, webhookId],
  )
  if (webhook === undefined) throw new NotFound('webhook', webhookId)
  const event = { cursor: '', type: 'test', created_at: toTimestamp(ctx.now()), domain_id: domainId }
  return await sendSigned({ ...deps, now: ctx.now }, webhook, [event], 'test')
}
