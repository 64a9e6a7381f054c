import type { Context } from '../../access/index.ts'
import { AlreadyExists, FailedPrecondition, NotFound, RequiredParameter } from '../../core/errors.ts'
import { assertNoViolations } from '../../core/violations.ts'
import type { Transaction } from '../../storage/index.ts'
import type { PluginCatalog } from '../catalog.ts'
import { versionViolations } from '../versions.ts'
import { addVersions } from './sql/add-versions.ts'
import { type LockedPlugin, lockPlugin } from './sql/lock-plugin.ts'

type PluginVersionKey = {
  readonly domainId: string
  readonly pluginId: string
  readonly version: string
}

/**
 * Makes a further version of a registered plugin known. Collectors in upgrade mode AUTO take it over if it is
 * the newest.
 */
export async function addPluginVersion(
  ctx: Context,
  catalog: PluginCatalog,
  key: PluginVersionKey,
): Promise<void> {
  const { domainId, pluginId, version } = key
  assertVersion(version)
  await ctx.db.transaction(async (tx) => {
    assertUnlisted(key, await lockPlugin(tx, catalog, key))
    const added = await addVersions(tx, { domainId, pluginId, versions: [version], at: ctx.now() })
    if (added === 0) throw new AlreadyExists(`plugin '${pluginId}' has version '${version}' already`)
    await touchPlugin(ctx, tx, key)
  })
  ctx.log.info({ domainId, pluginId, version }, 'plugin version added')
}

/** Forgets a version that no collector is pinned to. At least one remains. */
export async function removePluginVersion(
  ctx: Context,
  catalog: PluginCatalog,
  key: PluginVersionKey,
): Promise<void> {
  const { domainId, pluginId, version } = key
  assertVersion(version)
  await ctx.db.transaction(async (tx) => {
    assertUnlisted(key, await lockPlugin(tx, catalog, key))
    await assertUnpinned(tx, key)
    const removed = await tx.query(
      'delete from plugin_version where domain_id = $1 and plugin_id = $2 and version = $3 returning version',
      [domainId, pluginId, version],
    )
    if (removed.length === 0) throw new NotFound(`version of plugin '${pluginId}'`, version)
    await assertOthersRemain(tx, key)
    await touchPlugin(ctx, tx, key)
  })
  ctx.log.info({ domainId, pluginId, version }, 'plugin version removed')
}

function assertVersion(version: string): void {
  assertNoViolations(
    version === '' ? [new RequiredParameter('version')] : versionViolations('version', version),
  )
}

/** What a registry lists cannot be changed here: the next list would undo it. */
function assertUnlisted({ pluginId }: PluginVersionKey, { isListed }: LockedPlugin): void {
  if (!isListed) return
  throw new FailedPrecondition(
    'ERROR_PLUGIN_VERSIONS_LISTED',
    `the versions of plugin '${pluginId}' are those that the registry of its image lists, so nothing was changed. Change them there, or keep a collector to a version with upgrade mode MANUAL`,
  )
}

async function assertUnpinned(
  tx: Transaction,
  { domainId, pluginId, version }: PluginVersionKey,
): Promise<void> {
  const pinned = await tx.query<{ collectorId: string }>(
    `select collector_id from collector
      where domain_id = $1 and plugin_id = $2 and plugin_version = $3 and upgrade_mode = 'MANUAL'
      order by collector_id limit 5`,
    [domainId, pluginId, version],
  )
  if (pinned.length === 0) return
  const named = pinned.map(({ collectorId }) => collectorId).join(', ')
  throw new FailedPrecondition(
    'ERROR_PLUGIN_IN_USE',
    `version '${version}' of plugin '${pluginId}' is what ${named} run in upgrade mode MANUAL, so it was not removed. Move them to another version first`,
  )
}

async function assertOthersRemain(
  tx: Transaction,
  { domainId, pluginId, version }: PluginVersionKey,
): Promise<void> {
  const [other] = await tx.query(
    'select 1 from plugin_version where domain_id = $1 and plugin_id = $2 limit 1',
    [domainId, pluginId],
  )
  if (other !== undefined) return
  throw new FailedPrecondition(
    'ERROR_PLUGIN_IN_USE',
    `version '${version}' is the only one of plugin '${pluginId}', so it was not removed. Deregister the plugin instead`,
  )
}

async function touchPlugin(
  ctx: Context,
  tx: Transaction,
  { domainId, pluginId }: PluginVersionKey,
): Promise<void> {
  await tx.query('update plugin set updated_at = $3 where domain_id = $1 and plugin_id = $2', [
    domainId,
    pluginId,
    ctx.now(),
  ])
}
