import type { Context, Principal } from '../../access/index.ts'
import { GleanerError, Unavailable } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { assertNoViolations } from '../../core/violations.ts'
import { projectViolations } from '../../identity/index.ts'
import { getEntity } from '../../query/index.ts'
import type { PluginCatalog } from '../catalog.ts'
import type { PluginView } from '../plugin-entity.ts'
import { runtimeOf } from '../runtimes/find-runtime.ts'
import { type VersionLister, VersionsNotListed } from '../version-lister.ts'
import { type NewPlugin, pluginViolations, versionsOf } from './new-plugin.ts'
import { addVersions } from './sql/add-versions.ts'

const INSERT_PLUGIN = `
insert into plugin (domain_id, plugin_id, name, service_type, image, provider, registry_type, registry_config,
                    capability, template, labels, tags, project_id, created_at, updated_at, versions_due_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, now() + $15 * interval '1 ms')`

/**
 * Registers a plugin in a domain, with the versions that are named, else with those that the registry of its
 * image lists. Starts nothing: whether it can run is seen when a collector is created on it.
 */
export async function registerPlugin(
  ctx: Context,
  { catalog, lister }: { readonly catalog: PluginCatalog; readonly lister: VersionLister },
  plugin: NewPlugin,
): Promise<PluginView> {
  const { entity, allowed } = catalog
  assertMayRunPrograms(ctx.principal, plugin.image)
  assertNoViolations([...pluginViolations(plugin, allowed), ...(await projectViolations(ctx.db, plugin))])
  const { domainId } = plugin
  const listed = await listVersions(ctx, lister, plugin)
  const pluginId = newId('plugin')
  await ctx.db.transaction(async (tx) => {
    assertNoViolations(await projectViolations(tx, plugin))
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
      listed === undefined ? null : lister.maxAgeMs,
    ])
    await addVersions(tx, { domainId, pluginId, versions: listed ?? versionsOf(plugin), at: ctx.now() })
  })
  ctx.log.info({ domainId, pluginId }, 'plugin registered')
  return await getEntity(ctx, entity, { domainId, id: pluginId })
}

/**
 * What a registry lists, where nobody named versions and there is one to ask. Before any lock: it may take
 * its time.
 */
async function listVersions(
  ctx: Context,
  lister: VersionLister,
  { image, registryConfig: { versions } }: NewPlugin,
): Promise<readonly string[] | undefined> {
  if (versions !== undefined || !lister.canList(image)) return undefined
  try {
    return await lister.list(image, ctx.signal)
  } catch (thrown) {
    if (!(thrown instanceof VersionsNotListed)) throw thrown
    throw new Unavailable(
      thrown.code,
      `${thrown.message}. Nothing was registered. Try again, or name the versions in registry_config.versions`,
    )
  }
}

/** Whoever registers a program runs it on a worker's machine, which belongs to no domain. */
function assertMayRunPrograms(principal: Principal, image: string): void {
  if (!runtimeOf(image)?.runsPrograms || !('domainId' in principal) || principal.domainId === '') return
  throw new GleanerError(
    'forbidden',
    'ERROR_PERMISSION_DENIED',
    'a plugin that runs on the machines of this server (cmd:, npm:, docker://) takes a key of the system administrator, which belongs to no domain. Nothing was registered',
  )
}
