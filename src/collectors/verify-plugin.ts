import type { Context } from '../access/index.ts'
import { GleanerError, RequiredParameter, toError } from '../core/errors.ts'
import {
  assertPluginEnabled,
  type PluginConnection,
  type PluginHost,
  type PluginRegistry,
  resolveVersion,
} from '../plugins/index.ts'
import { type Keyring, openSecret, type SelectedSecret } from '../secrets/index.ts'
import type { Collector } from './collector.ts'
import { type FailedCheck, SecretsNotVerified } from './secrets-not-verified.ts'
import { secretsOfCollector } from './secrets-of-collector.ts'
import { getStoredCollector } from './sql/get-stored-collector.ts'
import { updateCollector } from './update-collector.ts'

export type VerifyPluginDeps = {
  readonly registry: PluginRegistry
  readonly plugins: PluginHost
  readonly keyring: Keyring
}

export type VerifyPluginInput = {
  readonly domainId: string
  readonly collectorId: string
  /** One secret of the collector's choice; '' for all of them. */
  readonly secretId: string
}

/**
 * Secrets that are checked side by side: a provider takes seconds for each, and a plugin serves several
 * calls.
 */
const AT_ONCE = 4

/**
 * Lets the plugin check every selected secret, or once nothing when it needs none. Throws unless all pass. A
 * collector whose version is to follow the newest is upgraded first, so that what is checked is what will
 * run.
 */
export async function verifyPlugin(
  ctx: Context,
  deps: VerifyPluginDeps,
  input: VerifyPluginInput,
): Promise<void> {
  if (input.collectorId === '') throw new RequiredParameter('collector_id')
  const collector = await upgradeIfNewer(ctx, deps, await getStoredCollector(ctx.db, input))
  const { domainId, collectorId, pluginId, pluginVersion } = collector
  const secrets = await secretsOfCollector(ctx.db, collector, input.secretId)
  const ref = { domainId, pluginId, version: pluginVersion }
  const plugin = await deps.plugins.connect(ref, ctx.signal)
  try {
    const failed = await checkAll(secrets, (secret) => check(ctx, deps, { collector, secret, plugin }))
    ctx.log.info({ domainId, collectorId, secrets: secrets.length, failed: failed.length }, 'secrets checked')
    if (failed.length > 0) throw new SecretsNotVerified({ collectorId, failed, total: secrets.length })
  } finally {
    plugin.release()
  }
}

async function upgradeIfNewer(
  ctx: Context,
  deps: VerifyPluginDeps,
  collector: Collector,
): Promise<Collector> {
  const { domainId, collectorId, pluginId, pluginVersion, upgradeMode } = collector
  const key = { domainId, pluginId }
  const record = await (upgradeMode === 'AUTO'
    ? deps.registry.getRefreshed(key, ctx.signal, ctx.db)
    : deps.registry.getPlugin(key, ctx.db))
  assertPluginEnabled(record, 'no secret was checked')
  if (upgradeMode !== 'AUTO' || resolveVersion(record, { upgradeMode }) === pluginVersion) return collector
  await updateCollector(ctx, deps, { domainId, collectorId, changes: {}, describeAlways: true })
  return await getStoredCollector(ctx.db, { domainId, collectorId })
}

async function checkAll(
  secrets: readonly SelectedSecret[],
  checkOne: (secret: SelectedSecret) => Promise<FailedCheck | undefined>,
): Promise<readonly FailedCheck[]> {
  const failed: FailedCheck[] = []
  for (let at = 0; at < secrets.length; at += AT_ONCE) {
    const results = await Promise.all(secrets.slice(at, at + AT_ONCE).map(checkOne))
    failed.push(...results.filter((result) => result !== undefined))
  }
  return failed
}

/** What speaks against one secret. The caller's leaving is no verdict, and is thrown. */
async function check(
  ctx: Context,
  { keyring }: VerifyPluginDeps,
  call: {
    readonly collector: Collector
    readonly secret: SelectedSecret
    readonly plugin: PluginConnection
  },
): Promise<FailedCheck | undefined> {
  const { domainId, collectorId, pluginOptions: options } = call.collector
  const { secretId } = call.secret
  try {
    const opening = { kind: 'request', collectorId, requestId: ctx.requestId } as const
    const { secretData } = await openSecret({ ...ctx, keyring }, { domainId, secretId, opening })
    await call.plugin.verify({ options, secretData }, ctx.signal)
    return undefined
  } catch (thrown) {
    if (ctx.signal.aborted || !(thrown instanceof GleanerError)) throw toError(thrown)
    return { secretId, failure: thrown }
  }
}
