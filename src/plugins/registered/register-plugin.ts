import type { Context, Principal } from '../../access/index.ts'
import { GleanerError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { assertNoViolations } from '../../core/violations.ts'
import { projectViolations } from '../../identity/index.ts'
import { getEntity } from '../../query/index.ts'
import type { PluginCatalog } from '../catalog.ts'
import type { PluginView } from '../plugin-entity.ts'
import { runtimeOf } from '../runtimes/find-runtime.ts'
import { type NewPlugin, pluginViolations, versionsOf } from './new-plugin.ts'
import { addVersions } from './sql/add-versions.ts'

const INSERT_PLUGIN = `
insert into plugin (domain_id, plugin_id, name, service_type, image, provider, registry_type, registry_config,
                    capability, template, labels, tags, project_id, created_at, updated_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14)`

/** Registers a plugin in a domain. Starts nothing: whether it can run is seen when a collector is created on it. */
export async function registerPlugin(
  ctx: Context,
  { entity, allowedRuntimes }: PluginCatalog,
  plugin: NewPlugin,
): Promise<PluginView> {
  assertMayRunPrograms(ctx.principal, plugin.image)
  const violations = pluginViolations(plugin, allowedRuntimes)
  const { domainId } = plugin
  const pluginId = newId('plugin')
  await ctx.db.transaction(async (tx) => {
    assertNoViolations([...violations, ...(await projectViolations(tx, plugin))])
    await tx.query(INSERT_PLUGIN, [
      domainId,
      pluginId,
      plugin.name,
      plugin.serviceType,
      plugin.image,
      plugin.provider,
      plugin.registryType,
      JSON.stringify(plugin.registryConfig),
      JSON.stringify(plugin.capability),
      JSON.stringify(plugin.template),
      JSON.stringify(plugin.labels),
      JSON.stringify(plugin.tags),
      plugin.projectId,
      ctx.now(),
    ])
    await addVersions(tx, { domainId, pluginId, versions: versionsOf(plugin), at: ctx.now() })
  })
  ctx.log.info({ domainId, pluginId }, 'plugin registered')
  return await getEntity(ctx, entity, { domainId, id: pluginId })
}

/** Whoever registers a program runs it on this machine, which belongs to no domain. */
function assertMayRunPrograms(principal: Principal, image: string): void {
  if (runtimeOf(image)?.name !== 'cmd' || !('domainId' in principal) || principal.domainId === '') return
  throw new GleanerError(
    'forbidden',
    'ERROR_PERMISSION_DENIED',
    'a plugin that is a program of this machine takes a key of the system administrator, which belongs to no domain. Nothing was registered',
  )
}
