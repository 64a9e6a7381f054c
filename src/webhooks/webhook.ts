import type { EventFilter } from '../events/index.ts'

/** Events that are sent to an address of the domain's choice. */
export type Webhook = {
  readonly domainId: string
  readonly webhookId: string
  readonly name: string
  readonly url: string
  readonly types: readonly string[]
  readonly collectorId: string
  readonly kind: string
  readonly statuses: readonly string[]
  readonly isEnabled: boolean
  readonly disabledReason: string
  readonly createdAt: Date
  readonly failures: number
  readonly failingSince: Date | null
  readonly nextAttemptAt: Date
}

export type WebhookKey = { readonly domainId: string; readonly webhookId: string }

/** The columns of `Webhook`. */
export const WEBHOOK_COLUMNS =
  'domain_id, webhook_id, name, url, types, collector_id, kind, statuses, is_enabled, disabled_reason, created_at, failures, failing_since, next_attempt_at'

export function filterOf({
  types,
  collectorId,
  kind,
  statuses,
}: Pick<Webhook, 'types' | 'collectorId' | 'kind' | 'statuses'>): EventFilter {
  return { types, collectorId, kind, statuses, jobId: '' }
}
