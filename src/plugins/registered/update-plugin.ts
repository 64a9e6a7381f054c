import type { JsonObject, JsonValue } from '@bufbuild/protobuf'
import type { Context } from '../../access/index.ts'
import { RequiredParameter } from '../../core/errors.ts'
import { nameViolations } from '../../core/field-violations.ts'
import { assertNoViolations } from '../../core/violations.ts'
import { getEntity } from '../../query/index.ts'
import type { PluginCatalog } from '../catalog.ts'
import type { PluginView } from '../plugin-entity.ts'
import { capabilityViolations, labelViolations, textViolations } from './new-plugin.ts'
import { lockPlugin } from './sql/lock-plugin.ts'

export type UpdatePluginInput = {
  readonly domainId: string
  readonly pluginId: string
  /** Undefined keeps what is there. */
  readonly name: string | undefined
  readonly capability: JsonObject | undefined
  readonly template: JsonObject | undefined
  readonly labels: readonly JsonValue[] | undefined
  readonly tags: JsonObject | undefined
}

const UPDATE_PLUGIN = `
update plugin
   set name = coalesce($3, name), capability = coalesce($4, capability), template = coalesce($5, template),
       labels = coalesce($6, labels), tags = coalesce($7, tags), updated_at = $8
 where domain_id = $1 and plugin_id = $2`

/**
 * Changes what is said about a plugin. What it runs is settled when it is registered, but for its versions.
 */
export async function updatePlugin(
  ctx: Context,
  catalog: PluginCatalog,
  input: UpdatePluginInput,
): Promise<PluginView> {
  const { domainId, pluginId, name, capability, template, labels, tags } = input
  assertNoViolations([
    ...(pluginId === '' ? [new RequiredParameter('plugin_id')] : []),
    ...(name === undefined ? [] : nameViolations(name)),
    ...capabilityViolations(capability ?? {}),
    ...labelViolations(labels ?? []),
    ...textViolations({ template: template ?? {}, tags: tags ?? {} }),
  ])
  await ctx.db.transaction(async (tx) => {
    await lockPlugin(tx, catalog, input)
    const documents = [capability, template, labels, tags].map((value) => value && JSON.stringify(value))
    await tx.query(UPDATE_PLUGIN, [domainId, pluginId, name, ...documents, ctx.now()])
  })
  ctx.log.info({ domainId, pluginId }, 'plugin changed')
  return await getEntity(ctx, catalog.entity, { domainId, id: pluginId })
}
