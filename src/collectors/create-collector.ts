import { isDeepStrictEqual } from 'node:util'
import type { JsonObject } from '@bufbuild/protobuf'
import type { Context } from '../access/index.ts'
import { InvalidParameter } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import { type PluginHost, type PluginRegistry, resolveVersion } from '../plugins/index.ts'
import { getEntity } from '../query/index.ts'
import { type CollectorView, collectorEntity } from './collector-entity.ts'
import { type CreateCollectorInput, type NewCollector, parseNewCollector } from './new-collector.ts'
import { assertNeedsNoSecret } from './secret-selection.ts'
import { insertCollector } from './sql/insert-collector.ts'
import { VerifyPluginFailure } from './verify-failure.ts'

export type CreateCollectorDeps = { readonly registry: PluginRegistry; readonly plugins: PluginHost }

/**
 * Adds a collector. Its plugin is started and describes itself before anything is stored, so that a plugin that
 * cannot work leaves nothing behind; no secret is opened.
 */
export async function createCollector(
  ctx: Context,
  deps: CreateCollectorDeps,
  input: CreateCollectorInput,
): Promise<CollectorView> {
  const wanted = parseNewCollector(input)
  const { plugin, domainId } = wanted
  const record = await deps.registry.getPlugin(plugin.pluginId)
  assertNeedsNoSecret(plugin.pluginId, record.capability)
  // A version that was asked for is used now, in either mode; AUTO replaces it at the next collect.
  const { version } = plugin
  const wish = version === '' ? { upgradeMode: 'AUTO' as const } : { version, upgradeMode: 'MANUAL' as const }
  const pluginVersion = resolveVersion(record, wish)
  const pluginMetadata = await describePlugin(ctx, deps.plugins, wanted, pluginVersion)
  assertMetadataIsOurs(plugin.metadata, pluginMetadata)
  const collectorId = newId('collector')
  await insertCollector(ctx.db, {
    ...wanted,
    collectorId,
    state: 'ENABLED',
    provider: record.provider,
    capability: record.capability,
    pluginId: plugin.pluginId,
    pluginVersion,
    upgradeMode: plugin.upgradeMode,
    pluginOptions: plugin.options,
    pluginMetadata,
    selection: plugin.selection,
    createdAt: ctx.now(),
  })
  ctx.log.info({ domainId, collectorId, pluginId: plugin.pluginId, pluginVersion }, 'collector created')
  return await getEntity(ctx, collectorEntity, { domainId, id: collectorId })
}

async function describePlugin(
  ctx: Context,
  plugins: PluginHost,
  { name, plugin }: NewCollector,
  version: string,
): Promise<JsonObject> {
  try {
    const connection = await plugins.connect({ pluginId: plugin.pluginId, version }, ctx.signal)
    try {
      return await connection.init(plugin.options, ctx.signal)
    } finally {
      connection.release()
    }
  } catch (thrown) {
    throw ctx.signal.aborted ? thrown : new VerifyPluginFailure(name, thrown)
  }
}

/** Clients send back what they read; anything else would be a wish that the server cannot grant. */
function assertMetadataIsOurs(sent: JsonObject, answered: JsonObject): void {
  if (Object.keys(sent).length === 0 || isDeepStrictEqual(sent, answered)) return
  const reason = 'the plugin itself says what its metadata is, and says something else. Leave it out'
  throw new InvalidParameter('plugin_info.metadata', reason)
}
