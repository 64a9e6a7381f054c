import type { Transaction } from '../../../storage/index.ts'

/** Stores versions of a plugin; those that are there stay as they are. Returns how many are new. */
export async function addVersions(
  tx: Transaction,
  input: {
    readonly domainId: string
    readonly pluginId: string
    readonly versions: readonly string[]
    readonly at: Date
  },
): Promise<number> {
  const added = await tx.query(
    `insert into plugin_version (domain_id, plugin_id, version, created_at)
     select $1, $2, version, $4 from unnest($3::text[]) as v (version)
     on conflict (domain_id, plugin_id, version) do nothing returning version`,
    [input.domainId, input.pluginId, input.versions, input.at],
  )
  return added.length
}
