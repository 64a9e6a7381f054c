import { type JsonValue, PluginError, pagesByLink, pagesByToken } from '@gleaner/sdk'
import { type Context, credentialOf } from './credential.ts'
import type { Options } from './options.ts'
import type { Paths } from './paths.ts'
import { textAt } from './read-item.ts'
import { readJson } from './read-json.ts'

type Items = readonly JsonValue[]

/** The pages of the list, and an error when they do not come to an end. */
export async function* readPages(ctx: Context, paths: Paths): AsyncGenerator<Items> {
  const { max_pages: most } = ctx.options
  let pages = 0
  for await (const page of allPages(ctx, paths)) {
    pages += 1
    if (pages > most) throw endless(most)
    yield page
  }
}

/** The pages as the options say that the list goes on. */
async function* allPages(ctx: Context, paths: Paths): AsyncGenerator<Items> {
  const { options } = ctx
  const credential = credentialOf(ctx)
  const headers = { accept: 'application/json', ...credential.headers }
  // A redirect would take the credential along to wherever it leads.
  const get = (url: URL) => ctx.fetch(credential.sign(url), { headers, redirect: 'manual' })
  const read = async (query: Readonly<Record<string, string | number | undefined>>) =>
    readJson(await get(withQuery(paths.url, options, query)), credential)
  switch (options.paging) {
    case 'none':
      yield itemsOf(paths, await read({}))
      return
    case 'page':
      yield* untilEmpty(options.first_page, async (page) => {
        const items = itemsOf(paths, await read({ [options.page_param]: page }))
        return { items, next: page + 1 }
      })
      return
    case 'offset':
      yield* untilEmpty(0, async (offset) => {
        const items = itemsOf(paths, await read({ [options.offset_param]: offset }))
        return { items, next: offset + items.length }
      })
      return
    case 'cursor':
      yield* pagesByToken(async (cursor) => {
        const body = await read({ [options.cursor_param]: cursor })
        return { items: itemsOf(paths, body), next: textAt(paths.cursor, body) }
      })
      return
    case 'next_url':
      yield* pagesByToken(async (next) => {
        const url = next === undefined ? withQuery(paths.url, options, {}) : nextUrl(paths.url, next)
        const body = await readJson(await get(url), credential)
        return { items: itemsOf(paths, body), next: textAt(paths.cursor, body) }
      })
      return
    case 'link':
      for await (const answer of pagesByLink(withQuery(paths.url, options, {}), get))
        yield itemsOf(paths, await readJson(answer, credential))
  }
}

/**
 * To the first empty page. A page that is not full proves nothing: a server may serve less than it is asked
 * for.
 */
async function* untilEmpty(
  first: number,
  read: (at: number) => Promise<{ readonly items: Items; readonly next: number }>,
): AsyncGenerator<Items> {
  let page = await read(first)
  while (page.items.length > 0) {
    yield page.items
    page = await read(page.next)
  }
}

/** The credential goes along, so that the next page must be where the first one is. */
function nextUrl(first: URL, next: string): URL {
  const url = URL.parse(next, first.href)
  if (url?.origin === first.origin) return url
  const where = url === null ? 'is no address' : `is at ${url.origin}, and not at ${first.origin}`
  throw new PluginError('ERROR_PAGING', `the next page, which options.cursor leads to, ${where}`, {
    status: 'FAILED_PRECONDITION',
  })
}

function endless(most: number): PluginError {
  const message = `the list goes on after ${most} pages (options.max_pages); is the paging right?`
  return new PluginError('ERROR_PAGING', message, { status: 'FAILED_PRECONDITION' })
}

function withQuery(
  base: URL,
  { page_size, paging, size_param }: Options,
  query: Readonly<Record<string, string | number | undefined>>,
): URL {
  const url = new URL(base)
  const size = paging === 'none' || size_param === undefined ? {} : { [size_param]: page_size }
  for (const [name, value] of Object.entries({ ...size, ...query }))
    if (value !== undefined) url.searchParams.set(name, String(value))
  return url
}

/**
 * The list itself must be there: a path that finds nothing would look like a list from which everything is
 * gone.
 */
function itemsOf({ items }: Paths, body: JsonValue): Items {
  const lists = items.query(body).values()
  if (lists.length > 0 && lists.every(Array.isArray)) return lists.flat(1).map(asJson)
  const what = lists.length === 0 ? 'finds nothing' : 'finds something that is no list'
  throw new PluginError(
    'ERROR_ITEMS',
    `options.items ${what} in the answer; it must lead to the list itself`,
    {
      status: 'FAILED_PRECONDITION',
    },
  )
}

/** Claims that what came out of a parsed document is JSON. */
function asJson(value: unknown): JsonValue {
  return value as JsonValue
}
