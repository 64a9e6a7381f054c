import { once } from 'node:events'
import { createServer } from 'node:http'

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
/** What the API serves at most in a page, whatever it is asked for. */
const MOST = 3

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
