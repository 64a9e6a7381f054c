import { type JsonObject, PluginError, type TaskOptions } from '@gleaner/sdk'
import { type AssetApi, createAssetApi } from './asset-api.ts'
import { findProjects, PROJECT_TYPE, projectIdOf } from './find-projects.ts'
import { listAssets } from './list-assets.ts'
import type { Context, Options } from './options.ts'
import { readParents } from './parents.ts'

/** A task's share of the work: some projects, or what lies in a folder or organization above its projects. */
export type Task = { readonly projects: readonly string[]; readonly container: string | undefined }

/**
 * A server takes a thousand parts of a job; where there are more projects, a task reads several, one after
 * the other.
 */
const MOST_PROJECT_TASKS = 800

/**
 * One task for each project, and one for each folder and organization. One that does not let its projects be
 * listed still gets its own task, which then says why.
 */
export async function getTasks(ctx: Context): Promise<readonly TaskOptions[]> {
  const { containers, projects } = readParents(ctx.options, ctx.secretData)
  const api = createAssetApi(ctx)
  const found = new Set<string>()
  for (const project of projects) found.add(await idOf(api, project, ctx.options))
  for (const container of containers)
    for (const project of await projectsIn(api, container, ctx)) found.add(project)
  const shares = sharesOf([...found].toSorted())
  return [
    ...containers.map((container) => ({ container })),
    ...shares.map((share) => ({ projects: [...share] })),
  ]
}

/** The ids in as many shares as there are tasks. */
export function sharesOf(ids: readonly string[]): readonly (readonly string[])[] {
  const size = Math.max(1, Math.ceil(ids.length / MOST_PROJECT_TASKS))
  return Array.from({ length: Math.ceil(ids.length / size) }, (_, at) =>
    ids.slice(at * size, (at + 1) * size),
  )
}

/** Reads what `getTasks` wrote; nothing is a task for the one project that needs no task of its own. */
export function readTask(
  { container, projects }: JsonObject,
  ctx: Pick<Context, 'options' | 'secretData'>,
): Task {
  if (typeof container === 'string') return { projects: [], container }
  if (Array.isArray(projects)) return { projects: projects.map(String), container: undefined }
  return { projects: readParents(ctx.options, ctx.secretData).projects, container: undefined }
}

/**
 * The account of what lies in a project is its id. Where only its number is known and it tells no id, the
 * number has to do.
 */
async function idOf(api: AssetApi, project: string, options: Options): Promise<string> {
  if (!/^\d+$/.test(project)) return project
  const question = { parent: `projects/${project}`, assetTypes: [PROJECT_TYPE], page_size: options.page_size }
  try {
    for await (const page of listAssets(api, question)) for (const asset of page) return projectIdOf(asset)
  } catch (error) {
    if (!isDenied(error)) throw error
  }
  return project
}

async function projectsIn(
  api: AssetApi,
  container: string,
  { options }: Context,
): Promise<readonly string[]> {
  try {
    return await findProjects(api, container, options)
  } catch (error) {
    if (isDenied(error)) return []
    throw error
  }
}

/**
 * What passes is tried again by whoever asked for the tasks; a credential that is refused opens nothing at
 * all.
 */
function isDenied(error: unknown): boolean {
  return error instanceof PluginError && !error.retryable && error.status !== 'UNAUTHENTICATED'
}
