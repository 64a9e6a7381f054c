import type { JsonObject } from '@bufbuild/protobuf'
import type { Sql } from '../../storage/index.ts'
import type { PluginRecord } from '../registry.ts'
import { newestFirst, releasesFirst } from '../versions.ts'

const FIND_PLUGIN = `
select p.*, array(select v.version from plugin_version v
                   where v.domain_id = p.domain_id and v.plugin_id = p.plugin_id) as versions
  from plugin p
 where p.domain_id = $1 and p.plugin_id = $2`

/** Reads a plugin that was registered in a domain, with its versions. */
export async function findRegisteredPlugin(
  sql: Sql,
  key: { readonly domainId: string; readonly pluginId: string },
): Promise<PluginRecord | undefined> {
  const [row] = await sql.query<PluginRow>(FIND_PLUGIN, [key.domainId, key.pluginId])
  if (row === undefined) return undefined
  const { pluginId, name, image, serviceType, provider, capability, labels } = row
  const { domainId, state, projectId } = row
  const isListed = row.versionsDueAt !== null
  const registration = { domainId, state, projectId, isListed }
  const versions = isListed ? releasesFirst(row.versions) : newestFirst(row.versions)
  return { pluginId, name, image, serviceType, provider, capability, labels, versions, registration }
}

type PluginRow = {
  readonly domainId: string
  readonly pluginId: string
  readonly name: string
  readonly state: 'ENABLED' | 'DISABLED'
  readonly serviceType: 'inventory.Collector'
  readonly image: string
  readonly provider: string
  readonly capability: JsonObject
  readonly labels: readonly string[]
  readonly projectId: string
  readonly versions: readonly string[]
  readonly versionsDueAt: Date | null
}
