import { PluginError } from '@gleaner/sdk'
import { type ArmApi, createArmApi } from './arm-api.ts'
import { assertReadsAll } from './assert-reads-all.ts'
import type { Context } from './options.ts'
import { findSubscriptions, getSubscription } from './subscriptions.ts'
import { chosenSubscriptions } from './tasks.ts'

/**
 * Looks whether each subscription is there and may be read as a whole, and says all that is missing at once.
 */
export async function verify(ctx: Context): Promise<void> {
  const api = createArmApi(ctx)
  const ids = chosenSubscriptions(ctx) ?? (await findSubscriptions(api))
  if (ids.length === 0)
    throw new PluginError(
      'ERROR_ACCESS_DENIED',
      'the credential sees no subscription; assign the role Reader to the application on each that is to be collected',
      { status: 'PERMISSION_DENIED' },
    )
  const problems: string[] = []
  for (const id of ids) problems.push(...(await problemsOf(ctx, api, id)))
  if (problems.length === 0) return
  throw new PluginError('ERROR_PERMISSIONS_MISSING', problems.join('; '), { status: 'PERMISSION_DENIED' })
}

/**
 * What a subscription lacks. That nothing can be reached, or the credential is refused, is no matter of one
 * subscription.
 */
async function problemsOf(ctx: Context, api: ArmApi, id: string): Promise<readonly string[]> {
  try {
    const { state } = await getSubscription(api, id)
    await assertReadsAll(ctx, api, { id, state })
    return []
  } catch (error) {
    ctx.signal.throwIfAborted()
    if (!(error instanceof PluginError) || error.retryable || error.status === 'UNAUTHENTICATED') throw error
    return [`${id}: ${error.message}`]
  }
}
