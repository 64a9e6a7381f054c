import type { Context } from '../../access/index.ts'
import { NotFound, RequiredParameter } from '../../core/errors.ts'
import { getEntity, type ListInput, listEntities, type Page } from '../../query/index.ts'
import type { PluginCatalog } from '../catalog.ts'
import { type PluginView, REPOSITORIES } from '../plugin-entity.ts'
import type { PluginRegistry } from '../registry.ts'

/** Lists plugins, by name unless ordered otherwise. */
export async function listPlugins(
  ctx: Context,
  { entity }: PluginCatalog,
  input: ListInput,
): Promise<Page<PluginView>> {
  return await listEntities(ctx, entity, input)
}

type PluginOfRepository = {
  readonly domainId: string
  readonly pluginId: string
  /** '' looks in all of them. */
  readonly repositoryId: string
}

/** Reads one plugin; an unknown id, or one of another repository, is NOT_FOUND. */
export async function getPlugin(
  ctx: Context,
  catalog: PluginCatalog,
  input: PluginOfRepository & { readonly only: readonly string[] },
): Promise<PluginView> {
  assertInRepository(catalog, input)
  return await getEntity(ctx, catalog.entity, { ...input, id: input.pluginId })
}

/** The versions of a plugin, newest first. */
export async function getPluginVersions(
  ctx: Context,
  { registry, catalog }: { readonly registry: PluginRegistry; readonly catalog: PluginCatalog },
  input: PluginOfRepository,
): Promise<readonly string[]> {
  if (input.pluginId === '') throw new RequiredParameter('plugin_id')
  assertInRepository(catalog, input)
  const record = await registry.findPlugin(input, ctx.db)
  if (record === undefined) throw new NotFound('plugin', input.pluginId)
  return record.versions
}

// A plugin's repository follows from its id, so that one of another repository is not even looked for.
function assertInRepository(
  { builtins }: PluginCatalog,
  { pluginId, repositoryId }: PluginOfRepository,
): void {
  const isBuiltin = builtins.some((record) => record.pluginId === pluginId)
  const home = isBuiltin ? REPOSITORIES.builtin : REPOSITORIES.local
  if (repositoryId === '' || repositoryId === home) return
  throw new NotFound('plugin', pluginId)
}
