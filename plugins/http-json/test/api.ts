import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'

export type Api = {
  readonly url: string
  /** The credentials of the requests since the last reset. */
  credentials(): readonly string[]
  reset(): void
  stop(): Promise<void>
}

const SERVERS = Array.from({ length: 7 }, (_, id) => ({
  id,
  name: `server-${id}`,
  flavor: { name: 'small' },
  zone: 'eu-1',
  seen: `${Date.now()}`,
  disks: [{ size: 1 }, { size: 2, scratch: true }],
}))
/** A credential that looks different in an address, and in what was escaped for JSON. */
export const KEY = 'k3y/with+signs=and "quotes"'
/** What the API serves at most in a page, whatever it is asked for. */
const MOST = 3

/** One answer that never ends. */
function flood(response: ServerResponse): void {
  const filler = Buffer.alloc(1_048_576, '[')
  const more = () => {
    while (!response.closed && response.write(filler));
  }
  response.on('drain', more)
  more()
}

/** An API that serves one list by every kind of paging, and in the ways in which lists go wrong. */
export async function startApi(): Promise<Api> {
  let credentials: string[] = []
  let refused = false
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://api')
    const { authorization, 'x-api-key': key } = request.headers
    credentials.push(authorization ?? String(key))
    const send = (status: number, body: unknown, headers: Record<string, string> = {}) =>
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
    const size = Math.min(Number(searchParams.get('per_page') ?? searchParams.get('limit') ?? MOST), MOST)
    const from = (start: number) => ({ servers: SERVERS.slice(start, start + size) })
    const page = Number(searchParams.get('page') ?? 1)
    switch (pathname) {
      case '/all':
        return send(200, { servers: SERVERS })
      case '/pages':
        return send(200, from((page - 1) * size))
      case '/offsets':
        return send(200, from(Number(searchParams.get('offset'))))
      case '/cursors': {
        const start = Number(searchParams.get('cursor') ?? 0)
        return send(200, { ...from(start), meta: { next: start + size < 7 ? `${start + size}` : null } })
      }
      case '/nexts': {
        const next = page === 1 ? '/nexts?page=2' : `http://${request.headers.host}/nexts?page=${page + 1}`
        return send(200, { ...from((page - 1) * size), next: page * size < 7 ? next : null })
      }
      case '/astray':
        return send(200, { ...from(0), next: 'http://127.0.0.1:1/steal' })
      case '/links': {
        const link = page * size < 7 ? { link: `</links?page=${page + 1}>; rel="next"` } : {}
        return send(200, from((page - 1) * size), { ...link })
      }
      case '/keyed': {
        // Repeats the key in every item and in the address of the next page, as APIs do that echo their
        // requests.
        const key = encodeURIComponent(searchParams.get('api_key') ?? '')
        if (searchParams.get('api_key') !== KEY) return send(403, { denied: key })
        const { servers } = from((page - 1) * size)
        const self = servers.map((each) => ({
          ...each,
          self: `/servers/${each.id}?api_key=${key}`,
          key: KEY,
        }))
        return send(200, { servers: self, next: page * size < 7 ? `?api_key=${key}&page=${page + 1}` : null })
      }
      case '/never-ends':
        return send(200, { servers: [], next: `${Number(searchParams.get('cursor') ?? 0) + 1}` })
      case '/stuck':
        return send(200, { servers: [{ id: randomUUID() }], next: 'again' })
      case '/round':
        return send(200, { ...from((page - 1) * size), next: `/round?page=${page === 1 ? 2 : 1}` })
      case '/round-links':
        return send(200, from((page - 1) * size), { link: '</round-links?page=2>; rel="next"' })
      case '/flood':
        response.writeHead(200, { 'content-type': 'application/json' })
        return flood(response)
      case '/throttled':
        if (page === 2 && !refused) {
          refused = true
          return send(429, {}, { 'retry-after': '0' })
        }
        return send(200, from((page - 1) * size))
      case '/breaks':
        return page < 4 ? send(200, from((page - 1) * size)) : send(403, {})
      case '/moved':
        return send(302, {}, { location: '/all' })
      case '/html':
        return response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>')
      default:
        return send(403, {})
    }
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  return {
    url: `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`,
    credentials: () => [...new Set(credentials)],
    reset() {
      credentials = []
      refused = false
    },
    async stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}
