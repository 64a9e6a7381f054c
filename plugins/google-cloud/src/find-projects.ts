import type { Asset, AssetApi } from './asset-api.ts'
import { listAssets } from './list-assets.ts'
import type { Options } from './options.ts'

export const PROJECT_TYPE = 'cloudresourcemanager.googleapis.com/Project'

/**
 * The ids of all projects below a folder or organization, from the same inventory and by the same permission
 * as everything else. Those that somebody has deleted are left out: they wait for their end, and may not be
 * looked into any more.
 */
export async function findProjects(
  api: AssetApi,
  parent: string,
  { page_size }: Pick<Options, 'page_size'>,
): Promise<readonly string[]> {
  const ids: string[] = []
  for await (const page of listAssets(api, { parent, assetTypes: [PROJECT_TYPE], page_size }))
    ids.push(...page.filter(isAlive).map(projectIdOf))
  return ids
}

/** The id of a project, or its number where nothing tells the id. */
export function projectIdOf({ name, resource }: Asset): string {
  const id = resource?.data?.projectId
  return typeof id === 'string' && id !== '' ? id : name.slice(name.lastIndexOf('/') + 1)
}

function isAlive({ resource }: Asset): boolean {
  const { lifecycleState, state } = resource?.data ?? {}
  return (state ?? lifecycleState) !== 'DELETE_REQUESTED'
}
