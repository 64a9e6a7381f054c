import { PluginError, pagesByToken } from '@gleaner/sdk'
import type { Asset, AssetApi } from './asset-api.ts'
import type { Options } from './options.ts'

export type Listing = Pick<Options, 'page_size'> & {
  readonly parent: string
  /** Empty: all. */
  readonly assetTypes: readonly string[]
}

/**
 * The pages of one list. All of them are of one instant, or nobody could say what the whole is of: what had
 * moved from a page that was not read yet to one that was would be missing. Throws when the list is of
 * several.
 */
export async function* listAssets(
  api: AssetApi,
  { assetTypes, page_size: pageSize, parent }: Listing,
): AsyncGenerator<readonly Asset[]> {
  let readTime: string | undefined
  yield* pagesByToken(async (pageToken) => {
    const page = await api.listPage({ parent, assetTypes, pageSize, pageToken })
    readTime ??= page.readTime
    if (page.readTime !== readTime) throw severalInstants(parent, readTime, page.readTime)
    return { items: page.assets, next: page.next }
  })
}

function severalInstants(parent: string, first: string, other: string): PluginError {
  const message = `the list of ${parent} is of two instants, ${first} and ${other}, so that something may be missing in it`
  return new PluginError('ERROR_LIST_CHANGED', message, { retryable: true })
}
