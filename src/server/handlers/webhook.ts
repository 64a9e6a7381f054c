import type { Context } from '../../access/index.ts'
import { toTimestamp } from '../../core/clock.ts'
import { Webhook as WebhookService } from '../../gen/gleaner/v1/webhook_pb.ts'
import {
  type ChangeDeps,
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhooks,
  type SendDeps,
  testWebhook,
  updateWebhook,
  type Webhook,
  type WebhookKey,
} from '../../webhooks/index.ts'
import { implementService, READ, WRITE } from '../method.ts'

export function createWebhookService(deps: ChangeDeps & SendDeps) {
  return implementService(WebhookService, {
    create: {
      access: WRITE,
      async handle({ ctx, domainId, request }) {
        const { name, url, types, collectorId, kind, statuses } = request
        const wanted = { domainId, name, url, types, collectorId, kind, statuses }
        const created = await createWebhook(ctx, deps, wanted)
        const { webhookId, signingKey } = created
        return { ...(await view(ctx, { domainId, webhookId })), attempts: [], signingKey }
      },
    },
    update: {
      access: WRITE,
      async handle({ ctx, domainId, request, has }) {
        const { webhookId, name, url, types, collectorId, kind, statuses, enabled } = request
        const change = {
          name,
          url,
          collectorId,
          kind,
          isEnabled: enabled,
          types: has('types') ? types : undefined,
          statuses: has('statuses') ? statuses : undefined,
        }
        await updateWebhook(ctx, deps, { domainId, webhookId, ...change })
        return { ...(await view(ctx, { domainId, webhookId })), attempts: [] }
      },
    },
    get: {
      access: READ,
      handle: ({ ctx, domainId, request }) => view(ctx, { domainId, webhookId: request.webhookId }),
    },
    list: {
      access: READ,
      async handle({ ctx, domainId }) {
        const results = (await listWebhooks(ctx.db, domainId)).map(toInfo)
        return { results, totalCount: results.length }
      },
    },
    delete: {
      access: WRITE,
      async handle({ ctx, domainId, request }) {
        await deleteWebhook(ctx, { domainId, webhookId: request.webhookId })
        return {}
      },
    },
    test: {
      access: WRITE,
      async handle({ ctx, domainId, request }) {
        const sent = await testWebhook(ctx, deps, { domainId, webhookId: request.webhookId })
        return { ...sent, events: 1, attemptedAt: toTimestamp(ctx.now()) }
      },
    },
  })
}

async function view(ctx: Context, key: WebhookKey) {
  const { webhook, deliveries } = await getWebhook(ctx.db, key)
  const attempts = deliveries.map((each) => ({ ...each, attemptedAt: toTimestamp(each.attemptedAt) }))
  return { ...toInfo(webhook), attempts }
}

function toInfo({ isEnabled, failingSince, nextAttemptAt, createdAt, types, statuses, ...webhook }: Webhook) {
  return {
    ...webhook,
    types: [...types],
    statuses: [...statuses],
    enabled: isEnabled,
    failingSince: failingSince === null ? '' : toTimestamp(failingSince),
    nextAttemptAt: toTimestamp(nextAttemptAt),
    createdAt: toTimestamp(createdAt),
  }
}
