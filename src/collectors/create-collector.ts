import type { JsonObject } from '@bufbuild/protobuf'
import type { Context } from '../access/index.ts'
import { type GleanerError, InvalidParameter, RequiredParameter } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import { assertNoViolations, checked } from '../core/violations.ts'
import {
  assertPluginEnabled,
  holdPlugin,
  type PluginHost,
  type PluginRecord,
  type PluginRegistry,
  resolveVersion,
} from '../plugins/index.ts'
import { getEntity } from '../query/index.ts'
import { replaceManagedRules } from '../rules/index.ts'
import { type CollectorView, collectorEntity } from './collector-entity.ts'
import { describePlugin } from './describe-plugin.ts'
import { metadataViolations } from './metadata-violations.ts'
import {
  type CreateCollectorInput,
  type NewCollector,
  newCollectorViolations,
  toNewCollector,
} from './new-collector.ts'
import { VerifyPluginFailure } from './plugin-failure.ts'
import { referenceViolations } from './reference-violations.ts'
import { insertCollector } from './sql/insert-collector.ts'

export type CreateCollectorDeps = { readonly registry: PluginRegistry; readonly plugins: PluginHost }

/**
 * Adds a collector. Its plugin is started and describes itself before anything is stored, so that a plugin
 * that cannot work leaves nothing behind; no secret is opened.
 */
export async function createCollector(
  ctx: Context,
  deps: CreateCollectorDeps,
  input: CreateCollectorInput,
): Promise<CollectorView> {
  const wanted = toNewCollector(input)
  const { plugin, domainId } = wanted
  const chosen = await checked(() => getUsablePlugin(ctx, deps.registry, input))
  const version = chosen.isGood ? await checked(() => firstVersion(chosen.value, plugin.version)) : chosen
  const capability = chosen.isGood ? chosen.value.capability : {}
  const references = { domainId, projectId: wanted.projectId, ...plugin, capability }
  assertNoViolations([
    ...newCollectorViolations(input),
    ...version.violations,
    ...(chosen.isGood ? projectViolations(chosen.value, wanted) : []),
    ...(await referenceViolations(ctx.db, references)),
  ])
  if (!chosen.isGood) throw chosen.violation
  if (!version.isGood) throw version.violation
  const [record, pluginVersion] = [chosen.value, version.value]
  const pluginMetadata = await describe(ctx, deps.plugins, wanted, pluginVersion)
  assertNoViolations(metadataViolations(plugin.metadata, [pluginMetadata]))
  const collectorId = newId('collector')
  await ctx.db.transaction(async (tx) => {
    await holdPlugin(tx, record)
    assertNoViolations(await referenceViolations(tx, references))
    await insertCollector(tx, {
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
    const rules = { domainId, collectorId, metadata: pluginMetadata, at: ctx.now() }
    await replaceManagedRules(tx, ctx.log, rules)
  })
  ctx.log.info({ domainId, collectorId, pluginId: plugin.pluginId, pluginVersion }, 'collector created')
  return await getEntity(ctx, collectorEntity, { domainId, id: collectorId })
}

/** The plugin that the new collector is to run. */
async function getUsablePlugin(
  ctx: Context,
  registry: PluginRegistry,
  { domainId, plugin }: CreateCollectorInput,
): Promise<PluginRecord> {
  if (plugin === undefined) throw new RequiredParameter('plugin_info')
  if (plugin.pluginId === '') throw new RequiredParameter('plugin_info.plugin_id')
  const key = { domainId, pluginId: plugin.pluginId }
  const record = await (plugin.version === ''
    ? registry.getRefreshed(key, ctx.signal, ctx.db)
    : registry.getPlugin(key, ctx.db))
  assertPluginEnabled(record, 'no collector was created')
  return record
}

/** A version that was asked for is used now, in either mode; AUTO replaces it at the next collect. */
function firstVersion(record: PluginRecord, version: string): string {
  return resolveVersion(record, version === '' ? { upgradeMode: 'AUTO' } : { version, upgradeMode: 'MANUAL' })
}

/** A plugin of a project is run by collectors of that project alone. */
function projectViolations(
  { pluginId, registration }: PluginRecord,
  { projectId }: NewCollector,
): GleanerError[] {
  const wanted = registration?.projectId ?? ''
  if (wanted === '' || wanted === projectId) return []
  const reason = `plugin '${pluginId}' is kept to private collectors of project '${wanted}'. Set it, or choose another plugin`
  return [new InvalidParameter('project_id', reason)]
}

async function describe(
  ctx: Context,
  plugins: PluginHost,
  { domainId, name, plugin }: NewCollector,
  version: string,
): Promise<JsonObject> {
  try {
    const { pluginId, options } = plugin
    return await describePlugin(ctx, plugins, { domainId, pluginId, version, options })
  } catch (thrown) {
    throw ctx.signal.aborted ? thrown : new VerifyPluginFailure(name, thrown)
  }
}
