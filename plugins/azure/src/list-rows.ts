import { type JsonObject, type JsonValue, PluginError } from '@gleaner/sdk'
import type { ArmApi } from './arm-api.ts'

/** A resource as Resource Graph has it, as far as it is looked at. */
export type Row = JsonObject & { readonly id: string; readonly type: string }

export type Listing = {
  readonly subscription: string
  /** In the query language of Resource Graph; must name `id` among its columns, or there are no pages. */
  readonly query: string
  readonly pageSize: number
}

/** The list changed while it was read page by page. */
class Changed extends Error {}

/**
 * The pages of a query. Resource Graph promises no instant for all of them, so they count as one list only
 * when it says on each page that the query has as many results, and these are as many as came, each once:
 * what came or went between two pages moves others from one page to another. A list of one page is of one
 * instant. Otherwise it is read once more, and then fails; what was yielded before may come again.
 */
export async function* listRows(api: ArmApi, listing: Listing): AsyncGenerator<readonly Row[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      yield* readOnce(api, listing)
      return
    } catch (error) {
      if (!(error instanceof Changed)) throw error
      if (attempt === 2) throw changedTwice(error)
    }
  }
}

async function* readOnce(
  api: ArmApi,
  { pageSize, query, subscription }: Listing,
): AsyncGenerator<readonly Row[]> {
  const seen = new Set<string>()
  const tokens = new Set<string>()
  let expected: number | undefined
  let token: string | undefined
  let isTruncated = false
  do {
    const page = await readPage(api, {
      subscriptions: [subscription],
      query,
      options: {
        resultFormat: 'objectArray',
        $top: pageSize,
        ...(token === undefined ? {} : { $skipToken: token }),
      },
    })
    yield page.rows
    for (const { id } of page.rows) seen.add(id.toLowerCase())
    expected ??= page.total
    if (page.total !== expected) throw new Changed(`it had ${expected} results, and then ${page.total}`)
    isTruncated ||= page.isTruncated
    token = page.next
    if (token !== undefined && tokens.has(token))
      throw new PluginError('ERROR_PAGING', 'the same $skipToken came twice')
    if (token !== undefined) tokens.add(token)
  } while (token !== undefined)
  if (isTruncated && seen.size < expected) throw truncated()
  if (seen.size !== expected)
    throw new Changed(`it has ${expected} results, and ${seen.size} different ones came`)
}

type Page = {
  readonly rows: readonly Row[]
  readonly total: number
  readonly next: string | undefined
  readonly isTruncated: boolean
}

/**
 * That more pages follow is said by their token alone. `resultTruncated` says that there is more and no way to ask for it, and, by
 * what is documented, also that there were fewer rows than were asked for: so it counts where rows are missing.
 */
async function readPage(api: ArmApi, body: object): Promise<Page> {
  const { $skipToken: next, data, resultTruncated, totalRecords: total } = await api.query(body)
  if (!Array.isArray(data) || !data.every(isRow) || typeof total !== 'number')
    throw new PluginError('ERROR_ANSWER', 'Resource Graph answered with what is no list of resources')
  return {
    rows: data,
    total,
    next: typeof next === 'string' && next !== '' ? next : undefined,
    isTruncated: resultTruncated === 'true' || resultTruncated === true,
  }
}

function truncated(): PluginError {
  const message = 'Resource Graph cut its answer off, and named no next page'
  return new PluginError('ERROR_LIST_TRUNCATED', message, { retryable: true })
}

function isRow(value: JsonValue): value is Row {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return typeof value.id === 'string' && value.id !== '' && typeof value.type === 'string'
}

function changedTwice({ message }: Changed): PluginError {
  return new PluginError(
    'ERROR_LIST_CHANGED',
    `the list changed twice while it was read (${message}), so that something may be missing in it; a larger options.page_size makes fewer pages of it`,
    { retryable: true },
  )
}
