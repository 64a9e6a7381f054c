import { z } from 'zod'
import { RegistryFailure, RegistrySession, type SessionInput } from './registry-session.ts'

const Page = z.object({ tags: z.array(z.string()).nullable() })

const PER_PAGE = 1_000

/** A registry that goes on for longer is not read to the end. */
const MAX_PAGES = 100

/** Every tag of an image, by the HTTP API that registries share, page by page. Throws `RegistryFailure`. */
export async function listTags(
  input: Omit<SessionInput, 'scope'> & { readonly name: string },
): Promise<readonly string[]> {
  const { origin, name } = input
  const session = new RegistrySession({ ...input, scope: `repository:${name}:pull` })
  const tags: string[] = []
  let url: URL | undefined = new URL(`${origin}/v2/${name}/tags/list?n=${PER_PAGE}`)
  for (let pages = 0; url !== undefined; pages++) {
    if (pages === MAX_PAGES) throw new RegistryFailure(200, `it lists more than ${MAX_PAGES} pages of tags`)
    const answer = await session.get(url)
    tags.push(...readPage(answer.text))
    url = nextPage(url, [answer.headers.link ?? []].flat().join(', '))
  }
  return tags
}

function readPage(text: string): readonly string[] {
  try {
    return Page.parse(JSON.parse(text)).tags ?? []
  } catch {
    throw new RegistryFailure(200, 'its list of tags cannot be read')
  }
}

/** The address in `Link: <…>; rel="next"`. Another server than the one that was asked gets no token of it. */
function nextPage(asked: URL, link: string): URL | undefined {
  const [, target] = /<([^>]*)>\s*;\s*rel="?next"?/.exec(link) ?? []
  if (target === undefined) return undefined
  const next = new URL(target, asked)
  if (next.origin === asked.origin && next.href !== asked.href) return next
  throw new RegistryFailure(200, 'its next page of tags is at another server, or the same page again')
}
