import { matcherOf, PluginError, type ScopeFields, type Yielded } from '@gleaner/sdk'
import { type Asset, type AssetApi, createAssetApi } from './asset-api.ts'
import { PROJECT_TYPE, projectIdOf } from './find-projects.ts'
import { declarationOf, kindOf, nameOf, RESOURCE_TYPES } from './kinds.ts'
import { listAssets } from './list-assets.ts'
import type { Collecting } from './options.ts'
import { REGIONS } from './regions.ts'
import { readTask } from './tasks.ts'
import { toFields } from './to-fields.ts'

const PROJECT = nameOf(kindOf(PROJECT_TYPE))

/**
 * What lies in a folder or organization and in none of its projects. All of these types are known to Cloud
 * Asset Inventory.
 */
const CONTAINER_TYPES = [
  'cloudresourcemanager.googleapis.com/Organization',
  'cloudresourcemanager.googleapis.com/Folder',
  PROJECT_TYPE,
  'cloudresourcemanager.googleapis.com/TagKey',
  'cloudresourcemanager.googleapis.com/TagValue',
  'iam.googleapis.com/Role',
]
const STRUCTURE_TYPES = CONTAINER_TYPES.slice(0, 3)

/**
 * The scopes of a call: each kind that the inventory knows of a project, and the project itself, so that a
 * project that may not be read from the beginning has a name in the ledger and costs no other its receipt.
 */
export async function* scopes(ctx: Collecting): AsyncGenerator<ScopeFields> {
  const { container, projects } = readTask(ctx.taskOptions, ctx)
  for (const account of container === undefined ? projects : [container]) {
    if (container === undefined) yield { type: PROJECT, account }
    for (const type of knownTypes(ctx, account)) if (type !== PROJECT) yield { type, account }
  }
}

export async function* collect(ctx: Collecting): AsyncGenerator<Yielded | readonly Yielded[]> {
  const { container, projects } = readTask(ctx.taskOptions, ctx)
  const api = createAssetApi(ctx)
  if (container !== undefined) {
    yield* collectContainer(ctx, api, container)
    return
  }
  predict(ctx, api, projects)
  for (const [index, project] of projects.entries()) {
    yield* collectProject(ctx, api, project)
    yield ctx.progress({ done: index + 1, total: projects.length, message: project })
  }
}

/** One list of everything, which is read to its end or proves nothing about any kind. */
async function* collectProject(
  ctx: Collecting,
  api: AssetApi,
  project: string,
): AsyncGenerator<readonly Yielded[]> {
  const types = new Set([...Object.keys(RESOURCE_TYPES), ...knownTypes(ctx, project)])
  const listing = {
    parent: `projects/${project}`,
    assetTypes: ctx.options.asset_types,
    page_size: ctx.options.page_size,
  }
  try {
    for await (const page of listAssets(api, listing)) {
      yield toResources(ctx, page, types, () => project)
    }
  } catch (error) {
    yield [ctx.error({ account: project, error: assertBearable(ctx, error) })]
    return
  }
  yield [...types].map((type) => ctx.complete({ type, account: project }))
}

/**
 * Folders and the like, and every project, each under its own account. When that cannot be read nobody knows
 * which projects there are, so that nothing of this collector counts as gone.
 */
async function* collectContainer(
  ctx: Collecting,
  api: AssetApi,
  container: string,
): AsyncGenerator<readonly Yielded[]> {
  const { asset_types: chosen, page_size } = ctx.options
  const types = new Set(knownTypes(ctx, container))
  const assetTypes = chosen.length === 0 ? CONTAINER_TYPES : STRUCTURE_TYPES
  try {
    for await (const page of listAssets(api, { parent: container, assetTypes, page_size })) {
      const above = page.filter((asset) => asset.assetType === PROJECT_TYPE || !isInProject(asset))
      yield toResources(ctx, above, types, (asset) =>
        asset.assetType === PROJECT_TYPE ? projectIdOf(asset) : container,
      )
    }
  } catch (error) {
    yield [ctx.error({ error: assertBearable(ctx, error) })]
    return
  }
  yield [...types].map((type) => ctx.complete({ type, account: container }))
}

function isInProject({ ancestors = [] }: Asset): boolean {
  return ancestors[0]?.startsWith('projects/') ?? false
}

/**
 * The resources of a page, with the regions that are not declared; `types` gets to know the kinds that were
 * met.
 */
function toResources(
  ctx: Collecting,
  page: readonly Asset[],
  types: Set<string>,
  accountOf: (asset: Asset) => string,
): readonly Yielded[] {
  const isExcluded = matcherOf(ctx.options.exclude)
  return page.flatMap((asset) => {
    if (isExcluded(asset.assetType)) return []
    const kind = kindOf(asset.assetType)
    const type = nameOf(kind)
    if (!types.has(type)) {
      ctx.declareType(type, declarationOf(kind))
      types.add(type)
    }
    const fields = toFields(asset, accountOf(asset))
    const { regionCode = '' } = fields
    const region = Object.hasOwn(REGIONS, regionCode) ? [] : [ctx.region({ regionCode, name: regionCode })]
    return [...region, ctx.cloudService(type, fields)]
  })
}

/**
 * Kinds that the inventory holds of an account; each of them is declared, so that it can be said that nothing
 * of it is left.
 */
function knownTypes({ declareType, known }: Collecting, account: string): readonly string[] {
  const cells = known.filter((cell) => cell.account === account)
  for (const cell of cells) declareType(nameOf(cell), declarationOf(cell))
  return [...new Set(cells.map(nameOf))]
}

/** What fails one project is told there. A credential that is refused opens none, which fails the call. */
function assertBearable({ signal }: Collecting, error: unknown): unknown {
  signal.throwIfAborted()
  if (error instanceof PluginError && ['UNAUTHENTICATED', 'INVALID_ARGUMENT'].includes(error.status))
    throw error
  return error
}

function predict(ctx: Collecting, { host }: AssetApi, projects: readonly string[]): void {
  const pages = projects.map((project) => {
    const cells = ctx.known.filter(({ account }) => account === project)
    const count = cells.reduce((sum, { resources }) => sum + resources, 0)
    return Math.max(1, Math.ceil(count / ctx.options.page_size))
  })
  ctx.predict([[host, pages.reduce((sum, count) => sum + count, 0)]])
}
