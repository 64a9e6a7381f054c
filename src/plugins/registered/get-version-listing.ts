import type { Context } from '../../access/index.ts'
import { toTimestamp } from '../../core/clock.ts'
import { NotFound, RequiredParameter } from '../../core/errors.ts'
import type { PluginCatalog } from '../catalog.ts'

type VersionListing = {
  /** Whether a registry lists the versions; otherwise they are told. */
  readonly isListed: boolean
  /** From when on the registry is asked again; '' where none is. */
  readonly dueAt: string
  /** Why it could not be asked the last time; '' when it could. */
  readonly error: string
}

const UNLISTED: VersionListing = { isListed: false, dueAt: '', error: '' }

const FIND_LISTING =
  'select versions_due_at as due_at, versions_error as error from plugin where domain_id = $1 and plugin_id = $2'

/**
 * How the versions of a plugin come to be known, and whether that works. Those of a plugin that comes with
 * the server are told.
 */
export async function getVersionListing(
  ctx: Context,
  { builtins }: PluginCatalog,
  { domainId, pluginId }: { readonly domainId: string; readonly pluginId: string },
): Promise<VersionListing> {
  if (pluginId === '') throw new RequiredParameter('plugin_id')
  if (builtins.some((record) => record.pluginId === pluginId)) return UNLISTED
  const [row] = await ctx.db.query<{ dueAt: Date | null; error: string }>(FIND_LISTING, [domainId, pluginId])
  if (row === undefined) throw new NotFound('plugin', pluginId)
  if (row.dueAt === null) return UNLISTED
  return { isListed: true, dueAt: toTimestamp(row.dueAt), error: row.error }
}
