import type { Clock } from '../core/clock.ts'
import { toTimestamp } from '../core/clock.ts'
import { type Cursor, type Event, expandTypes, readEvents, toCursorText } from '../events/index.ts'
import { type Keyring, unsealData } from '../secrets/index.ts'
import type { Database } from '../storage/index.ts'
import type { ClaimedWebhook } from './claim-webhook.ts'
import { noteFailure, noteSuccess } from './note-attempt.ts'
import { type SendDeps, type Sent, send } from './send.ts'
import { signatureOf } from './signature.ts'
import { filterOf } from './webhook.ts'

export type DeliverDeps = SendDeps & { readonly db: Database; readonly keyring: Keyring; readonly now: Clock }

/**
 * Sends what comes next for a webhook, in one request, and writes down what came of it. Returns false when
 * that failed.
 */
export async function deliver(deps: DeliverDeps, webhook: ClaimedWebhook): Promise<boolean> {
  const { db, now } = deps
  const after = { position: webhook.position, item: webhook.item }
  const filter = { ...filterOf(webhook), types: expandTypes(webhook.types) }
  const page = await readEvents(db, webhook.domainId, after, filter)
  const gap = hasGap(page.firstPosition, after)
  if (page.events.length === 0 && !gap) return await noteSuccess(db, webhook, { next: page.next })
  const events = [
    ...(gap ? [resync(webhook, page.next, now())] : []),
    ...page.events.map((event) => toJson(webhook, event)),
  ]
  const sent = await sendSigned(deps, webhook, events, toCursorText(page.next))
  const attempt = { ...sent, events: events.length, cursor: toCursorText(page.next) }
  if (sent.error === '') return await noteSuccess(db, webhook, { next: page.next, attempt })
  await noteFailure(db, webhook, attempt, now())
  return false
}

/**
 * Posts events under the webhook's key. `Gleaner-Delivery` is the same when the same events are sent again.
 */
export async function sendSigned(
  deps: Pick<DeliverDeps, keyof SendDeps | 'keyring' | 'now'>,
  webhook: Pick<
    ClaimedWebhook,
    'domainId' | 'webhookId' | 'url' | 'sealed' | 'keyVersion' | 'wrappedKey' | 'masterVersion'
  >,
  events: readonly object[],
  cursor: string,
): Promise<Sent> {
  const { domainId, webhookId } = webhook
  const master = await deps.keyring.getKey(webhook.masterVersion)
  const key = unsealData({ domainId, secretId: webhookId }, master, webhook)?.signing_key
  if (typeof key !== 'string')
    return {
      status: 0,
      tookMs: 0,
      error: 'nothing was sent: the signing key was not sealed for this webhook. Create the webhook anew',
    }
  const body = JSON.stringify({ domain_id: domainId, webhook_id: webhookId, events })
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'gleaner',
    'gleaner-delivery': `${webhookId}/${cursor}`,
    'gleaner-signature': signatureOf(key, body, deps.now()),
  }
  return await send(deps, { url: new URL(webhook.url), body, headers })
}

function hasGap(firstPosition: number | undefined, after: Cursor): boolean {
  return firstPosition !== undefined && firstPosition > (after.item > 0 ? after.position : after.position + 1)
}

function resync({ domainId }: ClaimedWebhook, next: Cursor, at: Date): object {
  return { cursor: toCursorText(next), type: 'resync', created_at: toTimestamp(at), domain_id: domainId }
}

/** The fields of `EventInfo`, under the same names. */
function toJson({ domainId }: ClaimedWebhook, event: Event): object {
  return {
    cursor: event.cursor,
    type: event.type,
    created_at: toTimestamp(event.createdAt),
    domain_id: domainId,
    collector_id: event.collectorId,
    job_id: event.jobId,
    job_task_id: event.jobTaskId,
    status: event.status,
    counts: event.counts,
    kind: event.kind,
    resource_id: event.resourceId,
  }
}
