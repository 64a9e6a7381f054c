import { type JsonObject, type JsonValue, PluginError, pagesByToken } from '@gleaner/sdk'
import type { ArmApi } from './arm-api.ts'

/** Younger ones need not be in the index yet. */
const SETTLED_MS = 3_600_000

/** What Resource Manager has and the index has not. */
export type Unindexed = { readonly id: string; readonly type: string }

/**
 * Asks Resource Manager itself which resources a subscription has, and finds those that have been there for
 * an hour and are not among the ids that Resource Graph listed: an index that has lost something looks as if
 * that had gone.
 */
export async function findUnindexed(
  api: ArmApi,
  subscription: string,
  { indexed, nowMs }: { readonly indexed: ReadonlySet<string>; readonly nowMs: number },
): Promise<readonly Unindexed[]> {
  const first = `/subscriptions/${encodeURIComponent(subscription)}/resources?$expand=createdTime&$top=1000&api-version=2021-04-01`
  const pages = pagesByToken(async (next) => {
    const { nextLink, value } = await api.get(next ?? first)
    if (!Array.isArray(value))
      throw new PluginError('ERROR_ANSWER', 'Resource Manager answered with what is no list of resources')
    return { items: value, next: typeof nextLink === 'string' ? nextLink : undefined }
  })
  const missing: Unindexed[] = []
  for await (const page of pages)
    for (const { createdTime, id, type } of page.filter(isObject)) {
      if (typeof id !== 'string' || typeof type !== 'string' || indexed.has(id.toLowerCase())) continue
      const createdMs = typeof createdTime === 'string' ? Date.parse(createdTime) : 0
      if (!(nowMs - createdMs < SETTLED_MS)) missing.push({ id, type })
    }
  return missing
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
