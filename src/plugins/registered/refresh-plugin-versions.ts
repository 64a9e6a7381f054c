import type { Context } from '../../access/index.ts'
import { FailedPrecondition } from '../../core/errors.ts'
import type { PluginCatalog } from '../catalog.ts'
import { findRegisteredPlugin } from '../sql/find-registered-plugin.ts'
import type { VersionLister } from '../version-lister.ts'
import { storeVersions, type VersionsChange } from './refresh-versions.ts'
import { lockPlugin } from './sql/lock-plugin.ts'

type Key = { readonly domainId: string; readonly pluginId: string }

/** Has the registry of a plugin's image list its versions now, and takes them over. */
export async function refreshPluginVersions(
  ctx: Context,
  { catalog, lister }: { readonly catalog: PluginCatalog; readonly lister: VersionLister },
  key: Key,
): Promise<Key & VersionsAnswer> {
  const { image, isListed } = await ctx.db.transaction((tx) => lockPlugin(tx, catalog, key), {
    isUpkeep: true,
  })
  if (!isListed) {
    throw new FailedPrecondition(
      'ERROR_PLUGIN_VERSIONS_TOLD',
      `the versions of plugin '${key.pluginId}' are told, and listed by no registry, so nothing was asked. Add versions one by one`,
    )
  }
  const versions = await lister.list(image, ctx.signal)
  const change = await ctx.db.transaction((tx) => storeVersions(tx, lister, key, versions))
  const stored = await findRegisteredPlugin(ctx.db, key)
  ctx.log.info({ ...key, ...change }, 'plugin versions listed')
  return { ...key, versions: [...(stored?.versions ?? [])], ...countsOf(change) }
}

type VersionsAnswer = {
  readonly versions: string[]
  readonly addedCount: number
  readonly removedCount: number
}

function countsOf({ added, removed }: VersionsChange): Pick<VersionsAnswer, 'addedCount' | 'removedCount'> {
  return { addedCount: added, removedCount: removed }
}
