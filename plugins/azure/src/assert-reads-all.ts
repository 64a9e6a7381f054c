import { type JsonObject, type JsonValue, PluginError } from '@gleaner/sdk'
import type { ArmApi } from './arm-api.ts'
import type { Context } from './options.ts'

/** States of a subscription of which Resource Graph still tells what there is. */
const READABLE = ['enabled', 'warned', 'pastdue', 'disabled']
const EVERYTHING = ['*', '*/read']

/**
 * Throws where the credential may read a subscription only in part, or not at all. Resource Graph would leave
 * out without a word what a role does not open, and that would look as if it had gone.
 */
export async function assertReadsAll(
  ctx: Context,
  api: ArmApi,
  { id, state }: { readonly id: string; readonly state: JsonValue | undefined },
): Promise<void> {
  if (typeof state === 'string' && !READABLE.includes(state.toLowerCase()))
    throw new PluginError('ERROR_SUBSCRIPTION_STATE', `the subscription is ${state}`, {
      status: 'FAILED_PRECONDITION',
    })
  if (!ctx.options.check_permissions) return
  const permissions = await permissionsOf(ctx, api, id)
  if (permissions === undefined || permissions.some(isForEverything)) return
  throw new PluginError(
    'ERROR_ACCESS_DENIED',
    'the roles on the subscription do not open all of it (the action */read); what they hide does not count as gone. Assign the role Reader on the subscription',
    { status: 'PERMISSION_DENIED' },
  )
}

/** Undefined where Resource Manager does not serve the question, so that nothing can be said. */
async function permissionsOf(
  { log }: Context,
  api: ArmApi,
  id: string,
): Promise<readonly JsonValue[] | undefined> {
  const path = `/subscriptions/${encodeURIComponent(id)}/providers/Microsoft.Authorization/permissions?api-version=2022-04-01`
  try {
    const { value } = await api.get(path)
    return Array.isArray(value) ? value : undefined
  } catch (error) {
    if (!(error instanceof PluginError) || !UNSERVED.includes(error.code)) throw error
    log.warn('the permissions on a subscription cannot be asked for', { subscription: id, error })
    return undefined
  }
}

const UNSERVED = ['ERROR_NOT_FOUND', 'ERROR_PROVIDER_REQUEST']

function isForEverything(permission: JsonValue): boolean {
  if (!isObject(permission)) return false
  const [actions, notActions] = [textsOf(permission.actions), textsOf(permission.notActions)]
  return actions.some((action) => EVERYTHING.includes(action)) && !notActions.some(hidesReads)
}

/**
 * What is taken back hides something from the list when it is a way of reading. Of Contributor only ways of
 * writing are.
 */
function hidesReads(action: string): boolean {
  return action === '*' || action.endsWith('/read') || action.endsWith('/*')
}

function textsOf(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.map((each) => String(each).toLowerCase()) : []
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
