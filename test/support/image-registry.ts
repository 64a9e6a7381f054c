import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

export type RegistryRules = {
  /** How it wants to be asked; nobody is refused without. */
  readonly scheme?: 'bearer' | 'basic'
  readonly credential?: { readonly username: string; readonly password: string }
  /** Tags that it lists at most at once, whatever is asked for. */
  readonly perPage?: number
  /** Where it says the next page is. */
  readonly nextAt?: string
  /** Where it says tokens are got. */
  readonly realm?: string
}

export type ImageRegistry = {
  /** `127.0.0.1:PORT`, as images name it. */
  readonly host: string
  /** Tags by image, which a test may change. */
  readonly images: Map<string, readonly string[]>
  /** Paths asked for so far. */
  readonly requests: string[]
  stop(): Promise<void>
}

/** The part of a container registry that lists tags, with the tokens and the pages of the real ones. */
export async function startImageRegistry(rules: RegistryRules = {}): Promise<ImageRegistry> {
  const images = new Map<string, readonly string[]>()
  const requests: string[] = []
  const token = randomUUID()
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', `http://${host}`)
    requests.push(url.pathname + url.search)
    if (url.pathname === '/token') issueToken(request, response, url)
    else if (!isAllowed(request)) refuse(response, url)
    else listTags(response, url)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const host = `127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`

  function isAllowed({ headers: { authorization } }: IncomingMessage): boolean {
    if (rules.scheme === 'bearer') return authorization === `Bearer ${token}`
    return rules.scheme !== 'basic' || isKnown(authorization)
  }
  function isKnown(authorization: string | undefined): boolean {
    if (rules.credential === undefined) return true
    const { username, password } = rules.credential
    return authorization === `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  }
  function refuse(response: ServerResponse, url: URL): void {
    const scope = `repository:${nameOf(url)}:pull`
    const realm = rules.realm ?? `http://${host}/token`
    const bearer = `Bearer realm="${realm}",service="test",scope="${scope}"`
    response.setHeader('www-authenticate', rules.scheme === 'basic' ? 'Basic realm="test"' : bearer)
    answer(response, 401, { errors: [{ code: 'UNAUTHORIZED', message: 'authentication required' }] })
  }
  function issueToken(request: IncomingMessage, response: ServerResponse, url: URL): void {
    const isWellAsked = url.searchParams.get('service') === 'test' && url.searchParams.has('scope')
    if (isWellAsked && isKnown(request.headers.authorization)) answer(response, 200, { token })
    else answer(response, 401, { errors: [{ code: 'DENIED', message: 'wrong name or password' }] })
  }
  function listTags(response: ServerResponse, url: URL): void {
    const tags = images.get(nameOf(url))
    if (tags === undefined) {
      answer(response, 404, { errors: [{ code: 'NAME_UNKNOWN', message: 'repository name not known' }] })
      return
    }
    const after = tags.indexOf(url.searchParams.get('last') ?? '') + 1
    const wanted = Number(url.searchParams.get('n') ?? tags.length)
    const page = tags.slice(after, after + Math.min(wanted, rules.perPage ?? wanted))
    if (after + page.length < tags.length) {
      const next = `/v2/${nameOf(url)}/tags/list?n=${wanted}&last=${page.at(-1)}`
      response.setHeader('link', `<${rules.nextAt ?? next}>; rel="next"`)
    }
    answer(response, 200, { name: nameOf(url), tags: page })
  }
  return {
    host,
    images,
    requests,
    stop: async () => {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}

function nameOf({ pathname }: URL): string {
  return pathname.replace(/^\/v2\//, '').replace(/\/tags\/list$/, '')
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
