import type { JsonObject } from '@bufbuild/protobuf'
import type { Context } from '../access/index.ts'
import { GleanerError, RequiredParameter, toError } from '../core/errors.ts'
import { assertPluginEnabled, type PluginConnection, resolveVersion } from '../plugins/index.ts'
import type { CreateCollectorDeps } from './create-collector.ts'

type PluginDescriptionView = {
  readonly domainId: string
  readonly pluginId: string
  readonly version: string
} & Schemas

type Schemas = {
  readonly provider: string
  readonly optionsSchema: JsonObject
  readonly secretSchema: JsonObject
}

/**
 * What a plugin says of its options and its secret before there is a collector, for whoever is about to make
 * one.
 */
export async function getPluginDescription(
  ctx: Context,
  { registry, plugins }: CreateCollectorDeps,
  { domainId, pluginId, version }: { domainId: string; pluginId: string; version: string },
): Promise<PluginDescriptionView> {
  if (pluginId === '') throw new RequiredParameter('plugin_id')
  const record = await registry.getPlugin({ domainId, pluginId }, ctx.db)
  assertPluginEnabled(record, 'it was not asked')
  const chosen = resolveVersion(
    record,
    version === '' ? { upgradeMode: 'AUTO' } : { version, upgradeMode: 'MANUAL' },
  )
  const plugin = await plugins.connect({ domainId, pluginId, version: chosen }, ctx.signal)
  try {
    return { domainId, pluginId, version: plugin.version, ...(await readSchemas(ctx, plugin)) }
  } finally {
    plugin.release()
  }
}

/**
 * A plugin of the public protocol speaks only when it is given options, and may refuse to without the right
 * ones.
 */
async function readSchemas(ctx: Context, plugin: PluginConnection): Promise<Schemas> {
  const description = await plugin.describe(ctx.signal)
  if (description !== undefined) {
    const { optionsSchema = {}, provider, secretSchema = {} } = description
    return { provider, optionsSchema, secretSchema }
  }
  const metadata = await plugin.init({}, ctx.signal).catch((thrown: unknown) => {
    if (ctx.signal.aborted || !(thrown instanceof GleanerError)) throw toError(thrown)
    return {}
  })
  return {
    provider: '',
    optionsSchema: objectAt(metadata, 'options_schema'),
    secretSchema: objectAt(metadata, 'secret_schema'),
  }
}

function objectAt(metadata: JsonObject, key: string): JsonObject {
  const value = metadata[key]
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}
