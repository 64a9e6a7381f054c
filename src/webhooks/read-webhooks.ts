import { NotFound, RequiredParameter } from '../core/errors.ts'
import type { Sql } from '../storage/index.ts'
import { WEBHOOK_COLUMNS, type Webhook, type WebhookKey } from './webhook.ts'

/** One attempt to deliver. */
type Delivery = {
  readonly attemptedAt: Date
  readonly events: number
  readonly cursor: string
  readonly status: number
  readonly error: string
  readonly tookMs: number
}

/** All webhooks of a domain, oldest first; there are at most a hundred. */
export async function listWebhooks(sql: Sql, domainId: string): Promise<readonly Webhook[]> {
  return await sql.query<Webhook>(
    `select ${WEBHOOK_COLUMNS} from webhook where domain_id = $1 order by created_at, webhook_id`,
    [domainId],
  )
}

/** One webhook and its last attempts, newest first. Throws NotFound. */
export async function getWebhook(
  sql: Sql,
  { domainId, webhookId }: WebhookKey,
): Promise<{ readonly webhook: Webhook; readonly deliveries: readonly Delivery[] }> {
  if (webhookId === '') throw new RequiredParameter('webhook_id')
  const [webhook] = await sql.query<Webhook>(
    `select ${WEBHOOK_COLUMNS} from webhook where domain_id = $1 and webhook_id = $2`,
    [domainId, webhookId],
  )
  if (webhook === undefined) throw new NotFound('webhook', webhookId)
  const deliveries = await sql.query<Delivery>(
    `select attempted_at, events, cursor, status, error, took_ms from webhook_delivery
      where domain_id = $1 and webhook_id = $2 order by delivery_seq desc`,
    [domainId, webhookId],
  )
  return { webhook, deliveries }
}
