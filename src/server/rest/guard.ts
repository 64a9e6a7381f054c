import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'
import { Refusal } from './refusal.ts'

export type GuardConfig = {
  /** The address the server is bound to. */
  readonly host: string
  /** Further names it is reached by, without port. */
  readonly allowedHosts: readonly string[]
  /** Pages of other origins that may call it, as `https://name:port`. */
  readonly allowedOrigins: readonly string[]
}

type GuardedRequest = {
  readonly method: string
  readonly headers: IncomingHttpHeaders
  /** Header names and values as they came, to see what stands twice. */
  readonly rawHeaders: readonly string[]
}

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '::1']
const EVERY_ADDRESS = ['0.0.0.0', '::']
const READING_METHODS = ['GET', 'HEAD']

/**
 * Keeps web pages out of an open API on this machine. A page can make its own name resolve to 127.0.0.1 (DNS
 * rebinding), but it cannot choose the Host header; and it can send requests here blindly, but not without
 * Origin. So Host has to be a name of this server, and a request that may change something has to come from
 * no page or from one of this server's own.
 */
export function assertTrusted(request: GuardedRequest, config: GuardConfig): void {
  const host = assertHost(request, config)
  if (!READING_METHODS.includes(request.method)) assertOrigin(request.headers, host, config)
}

/** Returns the Host header as the client sent it, in lower case. */
function assertHost({ headers, rawHeaders }: GuardedRequest, config: GuardConfig): string {
  const host = headers.host?.toLowerCase() ?? ''
  const name = nameOf(host)
  const isSingle = rawHeaders.filter((each, at) => at % 2 === 0 && each.toLowerCase() === 'host').length === 1
  if (isSingle && name !== undefined && isOwnName(name, config)) return host
  throw new Refusal(
    421,
    'ERROR_HOST_NOT_ALLOWED',
    'the Host header names no name of this server; call it by localhost or its address, or add the name to GLEANER_ALLOWED_HOSTS',
  )
}

/** The host without port and brackets; undefined when the text is no host. */
function nameOf(host: string): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::[0-9]{1,5})?$/.exec(host)
  return (match?.[1] ?? match?.[2])?.replace(/\.$/, '')
}

function isOwnName(name: string, config: GuardConfig): boolean {
  if (LOOPBACK_NAMES.includes(name) || /^127\.\d+\.\d+\.\d+$/.test(name)) return true
  if (name === config.host.toLowerCase() || config.allowedHosts.some((each) => each.toLowerCase() === name)) {
    return true
  }
  // Bound to every address, it is reached by addresses it cannot list. No page can have an address as its
  // rebound name.
  return EVERY_ADDRESS.includes(config.host) && isIP(name) !== 0
}

function assertOrigin(headers: IncomingHttpHeaders, host: string, config: GuardConfig): void {
  const { origin } = headers
  if (origin !== undefined && config.allowedOrigins.includes(origin)) return
  const site = headers['sec-fetch-site']
  const isForeignSite = site === 'cross-site' || site === 'same-site'
  const isForeignOrigin = origin !== undefined && hostOf(origin) !== withoutDefaultPort(host)
  if (!isForeignSite && !isForeignOrigin) return
  throw new Refusal(403, 'ERROR_ORIGIN_NOT_ALLOWED', 'a web page of another origin may not call this API')
}

/** Host and port of an origin; undefined for `null` and everything else that is no http origin. */
function hostOf(origin: string): string | undefined {
  const url = URL.canParse(origin) ? new URL(origin) : undefined
  if (url === undefined || !['http:', 'https:'].includes(url.protocol)) return undefined
  return withoutDefaultPort(url.host)
}

/** Behind a proxy that ends TLS, page and server disagree about the scheme and so about the default port. */
function withoutDefaultPort(host: string): string {
  return host.replace(/:(?:80|443)$/, '')
}
