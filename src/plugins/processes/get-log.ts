import type { Context } from '../../access/index.ts'
import { NotFound, RequiredParameter } from '../../core/errors.ts'
import { assertNoViolations } from '../../core/violations.ts'
import type { PluginRegistry } from '../registry.ts'
import { versionViolations } from '../versions.ts'

const GET_LOG = `
select version, host_id, lines
  from plugin_log
 where domain_id = $1 and plugin_id = $2 and ($3 = '' or version = $3)
 order by version, host_id`

type ProcessLog = { readonly version: string; readonly hostId: string; readonly lines: string[] }

/** The last words of the processes of a plugin that the caller sees; none of one that runs nowhere. */
export async function getPluginLog(
  ctx: Context,
  registry: PluginRegistry,
  input: { readonly domainId: string; readonly pluginId: string; readonly version: string },
): Promise<ProcessLog[]> {
  const { domainId, pluginId, version } = input
  assertNoViolations([
    ...(pluginId === '' ? [new RequiredParameter('plugin_id')] : []),
    ...(version === '' ? [] : versionViolations('version', version)),
  ])
  const plugin = await registry.findPlugin({ domainId, pluginId }, ctx.db)
  if (plugin === undefined) throw new NotFound('plugin', pluginId)
  return [...(await ctx.db.query<ProcessLog>(GET_LOG, [domainId, pluginId, version]))]
}
