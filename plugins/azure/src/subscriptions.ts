import { type JsonObject, PluginError, pagesByToken } from '@gleaner/sdk'
import type { ArmApi } from './arm-api.ts'
import { SUBSCRIPTION_TYPE } from './kinds.ts'
import type { Row } from './list-rows.ts'

const SUBSCRIPTIONS = '/subscriptions?api-version=2022-12-01'

/** The ids of all subscriptions that the credential sees, in lower case. */
export async function findSubscriptions(api: ArmApi): Promise<readonly string[]> {
  const ids: string[] = []
  const pages = pagesByToken(async (next) => {
    const { nextLink, value } = await api.get(next ?? SUBSCRIPTIONS)
    if (!Array.isArray(value))
      throw new PluginError('ERROR_ANSWER', 'Resource Manager answered with what is no list of subscriptions')
    return { items: value, next: typeof nextLink === 'string' ? nextLink : undefined }
  })
  for await (const page of pages)
    for (const each of page) {
      const id =
        typeof each === 'object' && each !== null && !Array.isArray(each) ? each.subscriptionId : undefined
      if (typeof id !== 'string') throw new PluginError('ERROR_ANSWER', 'a subscription has no id')
      ids.push(id.toLowerCase())
    }
  return [...new Set(ids)].toSorted()
}

/** Asks for one subscription by its id, which fails where the credential has no role in it. */
export async function getSubscription(api: ArmApi, id: string): Promise<JsonObject> {
  return api.get(`/subscriptions/${encodeURIComponent(id)}?api-version=2022-12-01`)
}

/** A subscription in the shape that Resource Graph has for everything. */
export function rowOfSubscription(id: string, { displayName = id, tags = null, ...about }: JsonObject): Row {
  const { authorizationSource = null, state = null, subscriptionPolicies = null, tenantId = null } = about
  const properties = { authorizationSource, state, subscriptionPolicies, tenantId }
  return { id: `/subscriptions/${id}`, name: displayName, type: SUBSCRIPTION_TYPE, tags, properties }
}
