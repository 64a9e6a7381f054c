import { PluginError } from '@gleaner/sdk'
import { type AssetApi, createAssetApi } from './asset-api.ts'
import type { Context } from './options.ts'
import { readParents } from './parents.ts'

/** Lists the first asset of everything that the options name, and says all that is missing at once. */
export async function verify(ctx: Context): Promise<void> {
  const { containers, projects } = readParents(ctx.options, ctx.secretData)
  const api = createAssetApi(ctx)
  const problems: PluginError[] = []
  for (const parent of [...containers, ...projects.map((project) => `projects/${project}`)])
    problems.push(...(await problemsOf(ctx, api, parent)))
  const [first] = problems
  if (first === undefined) return
  if (problems.length === 1) throw first
  throw new PluginError('ERROR_PERMISSIONS_MISSING', problems.map(({ message }) => message).join('; '), {
    status: 'PERMISSION_DENIED',
  })
}

/**
 * What a parent lacks. That nothing can be reached, or the credential is refused, is no matter of one parent.
 */
async function problemsOf(
  { options, signal }: Context,
  api: AssetApi,
  parent: string,
): Promise<readonly PluginError[]> {
  try {
    await api.listPage({ parent, assetTypes: options.asset_types, pageSize: 1, pageToken: undefined })
    return []
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof PluginError) || error.retryable || error.status === 'UNAUTHENTICATED') throw error
    return [error]
  }
}
