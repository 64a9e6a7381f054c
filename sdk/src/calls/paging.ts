import { PluginError } from '../errors.ts'

/** One page, and the token of the next; the last has none, or an empty one. */
export type TokenPage<T> = { readonly items: readonly T[]; readonly next?: string | null | undefined }

/**
 * The pages of a list that names the next page by a token. A token that comes a second time would go round
 * for ever, and is an error: what was listed is then not known to be complete.
 */
export async function* pagesByToken<T>(
  read: (token: string | undefined) => Promise<TokenPage<T>>,
): AsyncGenerator<readonly T[]> {
  const seen = new Set<string>()
  let token: string | undefined
  do {
    const page = await read(token)
    yield page.items
    token = page.next || undefined
    if (token !== undefined && seen.has(token)) throw brokenPaging('the same token came twice')
    if (token !== undefined) seen.add(token)
  } while (token !== undefined)
}

/** The pages of a list that is read from an offset on, to the first page that is not full. */
export async function* pagesByOffset<T>(
  read: (offset: number, limit: number) => Promise<readonly T[]>,
  limit = 100,
): AsyncGenerator<readonly T[]> {
  for (let offset = 0; ; offset += limit) {
    const items = await read(offset, limit)
    if (items.length > limit) throw brokenPaging(`a page of ${limit} held ${items.length}`)
    yield items
    if (items.length < limit) return
  }
}

/** The answers of a list whose `Link` header names the next page. */
export async function* pagesByLink(
  first: string | URL,
  read: (url: URL) => Promise<Response>,
): AsyncGenerator<Response> {
  const seen = new Set<string>()
  let url: URL | undefined = new URL(first)
  while (url !== undefined) {
    if (seen.has(url.href)) throw brokenPaging('the same link came twice')
    seen.add(url.href)
    const answer = await read(url)
    const next = nextLink(answer.headers.get('link'))
    yield answer
    url = next === undefined ? undefined : new URL(next, url)
    if (url !== undefined && url.origin !== new URL(first).origin)
      throw brokenPaging(`the next page is at ${url.host}`)
  }
}

function nextLink(header: string | null): string | undefined {
  for (const link of (header ?? '').split(/,(?=\s*<)/)) {
    const match = /^\s*<([^>]*)>(.*)$/.exec(link)
    if (match?.[2] !== undefined && /;\s*rel="?([^"]*\s)?next(\s|"|;|$)/i.test(match[2])) return match[1]
  }
  return undefined
}

function brokenPaging(why: string): PluginError {
  return new PluginError('ERROR_PAGING', `the provider's paging cannot be followed: ${why}`, {
    retryable: true,
  })
}
