import type { MessageInitShape } from '@bufbuild/protobuf'
import type { Context } from '../access/index.ts'
import { GleanerError, RequiredParameter, toError } from '../core/errors.ts'
import { readKnownCells } from '../coverage/index.ts'
import type { PlannedApi, PluginDescription } from '../gen/gleaner/plugin/v1/extension_pb.ts'
import type { CollectorPlanInfoSchema, SecretPlanInfoSchema } from '../gen/gleaner/v1/collector_plan_pb.ts'
import { readMeasuredApis } from '../jobs/index.ts'
import { assertPluginEnabled, type PluginConnection, resolveVersion } from '../plugins/index.ts'
import { openSecret, type SelectedSecret } from '../secrets/index.ts'
import type { Collector } from './collector.ts'
import { secretsOfCollector } from './secrets-of-collector.ts'
import { getStoredCollector } from './sql/get-stored-collector.ts'
import type { VerifyPluginDeps, VerifyPluginInput } from './verify-plugin.ts'

type CollectorPlanView = Omit<MessageInitShape<typeof CollectorPlanInfoSchema>, '$typeName'>
type SecretPlan = Omit<MessageInitShape<typeof SecretPlanInfoSchema>, '$typeName'>

type PlanOne = {
  readonly collector: Collector
  readonly secret: SelectedSecret
  readonly plugin: PluginConnection
}

/** Secrets that are planned side by side, as with a check. */
const AT_ONCE = 4

/**
 * Predicts what a collection with each selected secret takes. Changes nothing: where the collector follows
 * the newest version, that one is asked, and the collector is upgraded when it runs.
 */
export async function planCollector(
  ctx: Context,
  deps: VerifyPluginDeps,
  input: VerifyPluginInput,
): Promise<CollectorPlanView> {
  if (input.collectorId === '') throw new RequiredParameter('collector_id')
  const collector = await getStoredCollector(ctx.db, input)
  const { collectorId, domainId, pluginId, pluginVersion, upgradeMode } = collector
  const record = await deps.registry.getPlugin({ domainId, pluginId }, ctx.db)
  assertPluginEnabled(record, 'nothing was planned')
  const version = upgradeMode === 'AUTO' ? resolveVersion(record, { upgradeMode }) : pluginVersion
  const secrets = await secretsOfCollector(ctx.db, collector, input.secretId)
  const plugin = await deps.plugins.connect({ domainId, pluginId, version }, ctx.signal)
  try {
    const plans: (SecretPlan | undefined)[] = []
    for (let at = 0; at < secrets.length; at += AT_ONCE) {
      const some = secrets.slice(at, at + AT_ONCE)
      plans.push(
        ...(await Promise.all(some.map((secret) => planOne(ctx, deps, { collector, secret, plugin })))),
      )
    }
    const about = { collectorId, pluginId, pluginVersion: plugin.version }
    if (plans.includes(undefined)) return { ...about, ...withoutPlan(await plugin.describe(ctx.signal)) }
    return { ...about, ...sumPlans(plans.filter((plan) => plan !== undefined)) }
  } finally {
    plugin.release()
  }
}

/**
 * Undefined when the plugin predicts nothing. What speaks against a secret is a part of the plan; the
 * caller's leaving is thrown.
 */
async function planOne(
  ctx: Context,
  { keyring }: VerifyPluginDeps,
  { collector, plugin, secret: { secretId } }: PlanOne,
): Promise<SecretPlan | undefined> {
  const { collectorId, domainId, pluginOptions: options } = collector
  try {
    const contributor = { domainId, collectorId, secretId }
    const known = await readKnownCells(ctx.db, contributor)
    const measured = await readMeasuredApis(ctx.db, contributor)
    const opening = { kind: 'request', collectorId, requestId: ctx.requestId } as const
    const { secretData } = await openSecret({ ...ctx, keyring }, { domainId, secretId, opening })
    const plan = await plugin.plan({ options, secretData, filter: {}, known, measured }, ctx.signal)
    if (plan === undefined) return undefined
    const { notes, policies, seconds } = plan
    const apis = plan.apis.map(toApiView)
    return { secretId, apis, calls: sumOf(apis), seconds, policies, notes }
  } catch (thrown) {
    if (ctx.signal.aborted || !(thrown instanceof GleanerError)) throw toError(thrown)
    return { secretId, errorCode: thrown.code, errorMessage: thrown.message }
  }
}

function toApiView({ api, basis, calls, permissions, seconds }: PlannedApi) {
  return { api, calls, seconds, basis, permissions: sorted(permissions) }
}

/**
 * A plugin that predicts nothing may still declare what it has to be allowed; one of the public protocol does
 * not.
 */
function withoutPlan(description: PluginDescription | undefined): Partial<CollectorPlanView> {
  const { permissions = [], resourceTypes = [] } = description ?? {}
  return {
    predicts: false,
    permissions: sorted([...permissions, ...resourceTypes.flatMap((type) => type.permissions)]),
  }
}

function sumPlans(plans: readonly SecretPlan[]): Partial<CollectorPlanView> {
  const apis = plans.flatMap((plan) => plan.apis ?? [])
  return {
    predicts: true,
    permissions: sorted(apis.flatMap(({ permissions = [] }) => permissions)),
    calls: sumOf(apis),
    seconds: Math.max(0, ...plans.map(({ seconds = 0 }) => seconds)),
    secrets: [...plans],
  }
}

function sumOf(apis: readonly { readonly calls?: number }[]): number {
  return apis.reduce((total, { calls = 0 }) => total + calls, 0)
}

function sorted(permissions: readonly string[]): string[] {
  return [...new Set(permissions)].toSorted()
}
