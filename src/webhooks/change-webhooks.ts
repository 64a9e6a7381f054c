import type { Context } from '../access/index.ts'
import { FailedPrecondition, NotFound, RequiredParameter } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import { assertNoViolations } from '../core/violations.ts'
import { placeEvents, readEventHead } from '../events/index.ts'
import { type Keyring, sealData } from '../secrets/index.ts'
import type { AddressGuard } from './address-guard.ts'
import { newSigningKey } from './signature.ts'
import type { WebhookKey } from './webhook.ts'
import { webhookViolations } from './webhook-violations.ts'

const MAX_WEBHOOKS = 100

type NewWebhook = {
  readonly domainId: string
  readonly name: string
  readonly url: string
  readonly types: readonly string[]
  readonly collectorId: string
  readonly kind: string
  readonly statuses: readonly string[]
}

export type ChangeDeps = { readonly guard: AddressGuard; readonly keyring: Keyring }

const INSERT_WEBHOOK = `
insert into webhook (domain_id, webhook_id, name, url, types, collector_id, kind, created_at, position,
                     sealed, key_version, wrapped_key, master_version, statuses)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`

/**
 * Adds a webhook, which hears of what happens from now on. The signing key is returned here and never again.
 */
export async function createWebhook(
  ctx: Context,
  { guard, keyring }: ChangeDeps,
  wanted: NewWebhook,
): Promise<{ readonly webhookId: string; readonly signingKey: string }> {
  const { domainId } = wanted
  assertNoViolations(await webhookViolations(ctx.db, guard, wanted))
  const webhookId = newId('webhook')
  const signingKey = newSigningKey()
  await placeEvents(ctx.db, domainId)
  await ctx.db.transaction(async (tx) => {
    // One after the other, so that the limit holds.
    await tx.query('select 1 from domain where domain_id = $1 for no key update', [domainId])
    const [row] = await tx.query<{ count: number }>(
      'select count(*)::int as count from webhook where domain_id = $1',
      [domainId],
    )
    if ((row?.count ?? 0) >= MAX_WEBHOOKS) throw tooMany()
    const { lastPosition } = await readEventHead(tx, domainId)
    const master = await keyring.holdCurrentKey(tx)
    const stored = sealData({ domainId, secretId: webhookId }, 1, master, { signing_key: signingKey })
    await tx.query(INSERT_WEBHOOK, [
      domainId,
      webhookId,
      wanted.name,
      new URL(wanted.url).href,
      [...wanted.types],
      wanted.collectorId,
      wanted.kind,
      ctx.now(),
      lastPosition,
      stored.sealed,
      stored.keyVersion,
      stored.wrappedKey,
      stored.masterVersion,
      [...wanted.statuses],
    ])
  })
  ctx.log.info({ domainId, webhookId }, 'webhook created')
  return { webhookId, signingKey }
}

type WebhookChange = WebhookKey & {
  readonly name?: string | undefined
  readonly url?: string | undefined
  readonly types?: readonly string[] | undefined
  readonly collectorId?: string | undefined
  readonly kind?: string | undefined
  readonly statuses?: readonly string[] | undefined
  readonly isEnabled?: boolean | undefined
}

// Whoever changes a webhook wants to know soon whether it works now. An attempt that is under way was one of
// the webhook as it was: it loses its lease, and with it what it says.
const UPDATE_WEBHOOK = `
update webhook
   set name = coalesce($3, name), url = coalesce($4, url), types = coalesce($5, types),
       collector_id = coalesce($6, collector_id), kind = coalesce($7, kind), is_enabled = coalesce($8, is_enabled),
       statuses = coalesce($9, statuses),
       disabled_reason = case when $8 is null then disabled_reason else '' end,
       failures = 0, failing_since = null, leased_until = null, next_attempt_at = now()
 where domain_id = $1 and webhook_id = $2
returning 1 as found`

/** Changes what is given and leaves the rest. One that was switched off goes on where it stopped. */
export async function updateWebhook(
  ctx: Context,
  { guard }: Pick<ChangeDeps, 'guard'>,
  change: WebhookChange,
): Promise<void> {
  const { domainId, webhookId, name, url, types, collectorId, kind, statuses, isEnabled } = change
  assertNoViolations([
    ...(webhookId === '' ? [new RequiredParameter('webhook_id')] : []),
    ...(await webhookViolations(ctx.db, guard, change)),
  ])
  const rows = await ctx.db.query(UPDATE_WEBHOOK, [
    domainId,
    webhookId,
    name ?? null,
    url === undefined ? null : new URL(url).href,
    types === undefined ? null : [...types],
    collectorId ?? null,
    kind ?? null,
    isEnabled ?? null,
    statuses === undefined ? null : [...statuses],
  ])
  if (rows.length === 0) throw new NotFound('webhook', webhookId)
}

/** Removes a webhook, its key and its log; what is under way may still arrive. */
export async function deleteWebhook(ctx: Context, { domainId, webhookId }: WebhookKey): Promise<void> {
  if (webhookId === '') throw new RequiredParameter('webhook_id')
  const rows = await ctx.db.query(
    'delete from webhook where domain_id = $1 and webhook_id = $2 returning 1 as gone',
    [domainId, webhookId],
  )
  if (rows.length === 0) throw new NotFound('webhook', webhookId)
}

function tooMany(): FailedPrecondition {
  return new FailedPrecondition(
    'ERROR_TOO_MANY_WEBHOOKS',
    `the domain has ${MAX_WEBHOOKS} webhooks, as many as one may have, so none was added. Delete one, or let one receiver pass events on`,
  )
}
