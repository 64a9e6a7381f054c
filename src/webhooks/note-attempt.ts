import type { Cursor } from '../events/index.ts'
import type { Database, Transaction } from '../storage/index.ts'
import { afterFailure } from './after-attempt.ts'
import type { ClaimedWebhook } from './claim-webhook.ts'
import type { Sent } from './send.ts'

/** Attempts that are kept for each webhook. */
const MAX_KEPT = 100

type Attempt = Sent & { readonly events: number; readonly cursor: string }

// A webhook that somebody else has taken since, or that was changed, is left as it is.
const HELD = 'where domain_id = $1 and webhook_id = $2 and leased_until = $3::timestamptz'

const SUCCEEDED = `
update webhook set position = $4, item = $5, failures = 0, failing_since = null, leased_until = null
${HELD} returning 1 as held`

/** Moves on to the next events. Without an attempt nothing of what was passed over was for this webhook. */
export async function noteSuccess(
  db: Database,
  webhook: ClaimedWebhook,
  { next, attempt }: { readonly next: Cursor; readonly attempt?: Attempt },
): Promise<boolean> {
  return await db.transaction(async (tx) => {
    const { domainId, webhookId, lease } = webhook
    const held = await tx.query(SUCCEEDED, [domainId, webhookId, lease, next.position, next.item])
    if (held.length > 0 && attempt !== undefined) await keepAttempt(tx, webhook, attempt)
    return held.length > 0
  })
}

const FAILED = `
update webhook
   set failures = failures + 1, failing_since = coalesce(failing_since, now()), leased_until = null,
       next_attempt_at = now() + $4 * interval '1 millisecond', is_enabled = is_enabled and $5 = '', disabled_reason = $5
${HELD} returning 1 as held`

/** Puts the next attempt off, or switches the webhook off. */
export async function noteFailure(
  db: Database,
  webhook: ClaimedWebhook,
  attempt: Attempt,
  now: Date,
): Promise<void> {
  const verdict = afterFailure(webhook, attempt.error, now)
  const [delayMs, reason] = verdict.kind === 'retry' ? [verdict.delayMs, ''] : [0, verdict.reason]
  await db.transaction(async (tx) => {
    const { domainId, webhookId, lease } = webhook
    const held = await tx.query(FAILED, [domainId, webhookId, lease, delayMs, reason])
    if (held.length > 0) await keepAttempt(tx, webhook, attempt)
  })
}

async function keepAttempt(tx: Transaction, webhook: ClaimedWebhook, attempt: Attempt): Promise<void> {
  const key = [webhook.domainId, webhook.webhookId]
  const { events, cursor, status, error, tookMs } = attempt
  await tx.query(
    `insert into webhook_delivery (domain_id, webhook_id, events, cursor, status, error, took_ms)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [...key, events, cursor, status, error, tookMs],
  )
  await tx.query(
    `delete from webhook_delivery where domain_id = $1 and webhook_id = $2 and delivery_seq <= (
       select delivery_seq from webhook_delivery where domain_id = $1 and webhook_id = $2
        order by delivery_seq desc offset ${MAX_KEPT} limit 1)`,
    key,
  )
}
