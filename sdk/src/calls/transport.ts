import { once } from 'node:events'
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** How to reach a server that needs more than an address. */
export type Connection = {
  /** Authorities in PEM that the server's certificate may come from, in place of those that Node knows. */
  readonly ca?: string | undefined
  /** Certificate and key in PEM that prove who calls. */
  readonly cert?: string | undefined
  readonly key?: string | undefined
  /** The name in the server's certificate, where it is not that of the address. */
  readonly serverName?: string | undefined
  /** Encrypts without knowing whom for. Default false. */
  readonly isUnverified?: boolean | undefined
  /** A Unix socket to call in place of the address's host. */
  readonly socketPath?: string | undefined
}

/** What decides where connections may go: how names are looked up, and what is asked before each request. */
export type Guard = {
  readonly lookup?: LookupFunction
  /** Throws when the address must not be called, also when a redirect leads there. */
  readonly check?: (url: URL) => Promise<void>
}

/** One request and its answer, whatever its status. */
export type Transport = (url: URL, init?: RequestInit) => Promise<Response>

/** Idle connections end after this, which also ends what a finished call has left. */
const IDLE_MS = 15_000
const MOST_REDIRECTS = 10
const REDIRECTS = [301, 302, 303, 307, 308]
/** What a `Response` must not have a body with. */
const WITHOUT_BODY = [101, 204, 205, 304]

/**
 * `fetch` as far as plugins use it, on Node's own HTTP client: that of the global `fetch` takes neither an
 * authority, nor a socket, nor a look-up that says which addresses may be dialled.
 */
export function createTransport(connection: Connection = {}, { check, lookup }: Guard = {}): Transport {
  const { ca, cert, isUnverified = false, key, serverName: servername, socketPath } = connection
  const pool = { keepAlive: true, timeout: IDLE_MS, scheduling: 'lifo' } as const
  const tls = { ca, cert, key, servername, rejectUnauthorized: !isUnverified }
  const agents = {
    'http:': new HttpAgent(pool),
    'https:': new HttpsAgent({ ...pool, ...withoutUndefined(tls) }),
  }
  const send: Send = async (url, { body, headers, method, signal }) => {
    if (url.protocol !== 'http:' && url.protocol !== 'https:')
      throw new TypeError(`an address must begin with https:// or http://, not ${url.protocol}`)
    await check?.(url)
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
      method,
      headers: Object.fromEntries(headers),
      agent: agents[url.protocol],
      ...withoutUndefined({ lookup, socketPath, signal }),
    })
    request.end(body)
    const [message]: IncomingMessage[] = await once(request, 'response')
    if (message === undefined) throw new Error('no answer came')
    return toResponse(url, message, method === 'HEAD')
  }
  return (url, init = {}) => follow(send, url, init)
}

type Sent = {
  readonly method: string
  readonly headers: Headers
  readonly body: Buffer | undefined
  readonly signal: AbortSignal | undefined
}
type Send = (url: URL, sent: Sent) => Promise<Response>

async function follow(send: Send, first: URL, init: RequestInit): Promise<Response> {
  let sent = await toSent(init)
  let url = first
  for (let redirects = 0; ; redirects++) {
    const answer = await send(url, sent)
    const location = answer.headers.get('location')
    if (!REDIRECTS.includes(answer.status) || location === null || init.redirect === 'manual') return answer
    await answer.body?.cancel()
    if (init.redirect === 'error' || redirects === MOST_REDIRECTS)
      throw new TypeError(`${url.host} answered with a redirect (${answer.status})`)
    const next = new URL(location, url)
    sent = redirected(sent, answer.status, next.origin === url.origin)
    url = next
  }
}

/** What goes on to where a redirect leads: no credential to another host. */
function redirected({ body, headers, method, signal }: Sent, status: number, isSameOrigin: boolean): Sent {
  const kept = new Headers(headers)
  if (!isSameOrigin) for (const name of ['authorization', 'cookie']) kept.delete(name)
  if (status >= 307 || method === 'GET' || method === 'HEAD') return { body, headers: kept, method, signal }
  for (const name of ['content-type', 'content-length']) kept.delete(name)
  return { body: undefined, headers: kept, method: 'GET', signal }
}

/** Bodies are read whole, so that a call can be repeated. */
async function toSent({ body, headers, method = 'GET', signal }: RequestInit): Promise<Sent> {
  const all = new Headers(headers)
  if (!all.has('accept-encoding')) all.set('accept-encoding', 'gzip')
  if (!all.has('accept')) all.set('accept', '*/*')
  if (body === undefined || body === null)
    return { method, headers: all, body: undefined, signal: signal ?? undefined }
  const read = new Response(body)
  const type = read.headers.get('content-type')
  if (type !== null && !all.has('content-type')) all.set('content-type', type)
  const bytes = Buffer.from(await read.arrayBuffer())
  all.set('content-length', String(bytes.length))
  return { method, headers: all, body: bytes, signal: signal ?? undefined }
}

function toResponse(url: URL, message: IncomingMessage, isHead: boolean): Response {
  const status = message.statusCode ?? 0
  const headers = new Headers()
  for (let at = 0; at + 1 < message.rawHeaders.length; at += 2)
    headers.append(message.rawHeaders[at] ?? '', message.rawHeaders[at + 1] ?? '')
  const isEmpty = isHead || WITHOUT_BODY.includes(status)
  if (isEmpty) message.resume()
  const answer = new Response(isEmpty ? null : toBody(message, headers), {
    status,
    statusText: message.statusMessage ?? '',
    headers,
  })
  return Object.defineProperty(answer, 'url', { value: url.href })
}

function toBody(message: IncomingMessage, headers: Headers): ReadableStream {
  if (headers.get('content-encoding') !== 'gzip') return asBody(Readable.toWeb(message))
  headers.delete('content-encoding')
  headers.delete('content-length')
  const plain = createGunzip()
  message.on('error', (error) => plain.destroy(error))
  plain.on('close', () => message.destroy())
  return asBody(Readable.toWeb(message.pipe(plain)))
}

/** Claims that the web stream of Node's own module is the one of the web; their types differ in details. */
function asBody(stream: object): ReadableStream {
  return stream as ReadableStream
}

function withoutUndefined<T extends object>(options: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>
  }
}
