import type { Database } from '../storage/index.ts'

/** A webhook that this process may deliver for, until `leasedUntil`, which is also the proof of it. */
export type ClaimedWebhook = {
  readonly domainId: string
  readonly webhookId: string
  readonly url: string
  readonly types: readonly string[]
  readonly collectorId: string
  readonly kind: string
  readonly statuses: readonly string[]
  readonly position: number
  readonly item: number
  readonly failures: number
  readonly failingSince: Date | null
  readonly sealed: Buffer
  readonly keyVersion: number
  readonly wrappedKey: Buffer
  readonly masterVersion: number
  readonly lease: string
}

/** Longer than an attempt can take. */
const LEASE = "interval '60 seconds'"

// Whoever has news and is due, longest waiting first. One webhook is claimed by one process, and so its order
// is kept.
const CLAIM = `
update webhook w set leased_until = clock_timestamp() + ${LEASE}
 where (domain_id, webhook_id) = (
   select d.domain_id, d.webhook_id from webhook d
     join event_head h on h.domain_id = d.domain_id
    where d.is_enabled and d.next_attempt_at <= now() and (d.leased_until is null or d.leased_until < now())
      and (h.last_position > d.position or d.item > 0)
    order by d.next_attempt_at limit 1 for update of d skip locked)
returning domain_id, webhook_id, url, types, collector_id, kind, statuses, position, item, failures, failing_since, sealed, key_version,
          wrapped_key, master_version, leased_until::text as lease`

/** Takes a webhook that has something to deliver; undefined when none has. */
export async function claimWebhook(db: Database): Promise<ClaimedWebhook | undefined> {
  const [row] = await db.query<ClaimedWebhook>(CLAIM)
  return row
}
