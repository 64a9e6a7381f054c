import { lookup } from 'node:dns/promises'
import { request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import { toError } from '../core/errors.ts'
import type { AddressGuard } from './address-guard.ts'
import { deniedReason, literalOf } from './webhook-url.ts'

// An import would read all that the module exports, and so load undici.
const { request: httpRequest } = process.getBuiltinModule('node:http')

/** Finds all addresses of a name. */
export type Resolve = (
  name: string,
) => Promise<readonly { readonly address: string; readonly family: number }[]>

export type SendDeps = {
  readonly guard: AddressGuard
  readonly resolve: Resolve
  /** Longest time from the look-up to the end of the answer, milliseconds. */
  readonly timeoutMs: number
}

/**
 * What came of an attempt: the status of the answer, 0 without one, and why it does not count; '' when it
 * does.
 */
export type Sent = { readonly status: number; readonly error: string; readonly tookMs: number }

/** Bytes of an answer that are read; nobody looks at them. */
const MAX_ANSWER_BYTES = 64 * 1024

/** The system's way of finding addresses. */
export const resolveBySystem: Resolve = (name) => lookup(name, { all: true })

/**
 * Posts a body to an address of somebody else's choice. Its name is looked up once; when any of its addresses
 * is denied nothing is sent; and it is one of the very addresses that were checked that is dialled, whatever
 * the name means a moment later. Redirects are not followed, and proxies of the environment not used. Never
 * throws.
 */
export async function send(
  deps: SendDeps,
  message: { readonly url: URL; readonly body: string; readonly headers: Readonly<Record<string, string>> },
): Promise<Sent> {
  const startedAt = performance.now()
  const signal = AbortSignal.timeout(deps.timeoutMs)
  const tookMs = () => Math.round(performance.now() - startedAt)
  try {
    const address = await findAddress(deps, message.url, signal)
    const status = await post(message, address, signal)
    return { status, error: complaintAbout(status), tookMs: tookMs() }
  } catch (thrown) {
    const error = signal.aborted ? `no answer within ${deps.timeoutMs / 1_000} s` : toError(thrown).message
    return { status: 0, error: error.slice(0, 500), tookMs: tookMs() }
  }
}

type Address = { readonly address: string; readonly family: number }

async function findAddress({ guard, resolve }: SendDeps, url: URL, signal: AbortSignal): Promise<Address> {
  const literal = literalOf(url)
  const found =
    literal === undefined
      ? await Promise.race([resolve(url.hostname), rejection(signal)])
      : [{ address: literal, family: literal.includes(':') ? 6 : 4 }]
  const denied = found.find(({ address }) => !guard.permits(address))
  if (denied !== undefined)
    throw new Error(`nothing was sent: ${url.hostname} has the address ${deniedReason(denied.address)}`)
  const [first] = found
  if (first === undefined) throw new Error(`${url.hostname} has no address`)
  return first
}

function rejection(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
  )
}

function post(
  { url, body, headers }: Parameters<typeof send>[1],
  { address, family }: Address,
  signal: AbortSignal,
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const lookupChecked: LookupFunction = (_name, options, found) =>
    options.all ? found(null, [{ address, family }]) : found(null, address, family)
  const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
    method: 'POST',
    headers: { ...headers, 'content-length': Buffer.byteLength(body) },
    // A connection of its own: one that is kept open may lead to where the name pointed before.
    agent: false,
    lookup: lookupChecked,
    signal,
  })
  request.on('error', reject)
  request.on('response', (response) => {
    let bytes = 0
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > MAX_ANSWER_BYTES) response.destroy()
    })
    response.on('error', () => {})
    response.on('close', () => resolve(response.statusCode ?? 0))
  })
  request.end(body)
  return promise
}

function complaintAbout(status: number): string {
  if (status >= 200 && status < 300) return ''
  if (status >= 300 && status < 400) return `answered ${status}; redirects are not followed`
  return `answered ${status}`
}
