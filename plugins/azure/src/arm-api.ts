import { createCredential, type JsonObject, PluginError } from '@gleaner/sdk'
import { type Cloud, cloudOf } from './clouds.ts'
import { issueToken } from './credential.ts'
import type { Context } from './options.ts'
import { refusalOf, Unauthorized } from './refusal.ts'

/**
 * Calls Resource Manager: its path with the version of the API, or the address of a next page; `body` makes
 * it a POST.
 */
export type ArmApi = {
  /** Names under which calls are counted. */
  readonly cloud: Cloud
  readonly get: (path: string) => Promise<JsonObject>
  readonly query: (body: object) => Promise<JsonObject>
}

/** Resource Graph has a bucket of its own, which is far smaller. */
export const GRAPH_API = 'resource-graph'
export const ARM_API = 'resource-manager'
const GRAPH_PATH = '/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01'
/** Buckets of Resource Graph are of seconds; what is longer than this is asked, and refused. */
const LONGEST_PAUSE_MS = 120_000
/** Statuses whose body says what was refused, and why. */
const TOLD = [400, 401, 403, 404, 409]

/** Resource Manager, asked with one credential that is renewed while the call goes on. */
export function createArmApi(ctx: Context): ArmApi {
  const { fetch, limiter, options, signal } = ctx
  const cloud = cloudOf(options)
  const issue = () => createCredential(() => issueToken(ctx, cloud))
  let credential = issue()

  async function ask(api: string, url: URL, body: object | undefined): Promise<JsonObject> {
    const answer = await fetch(url, {
      api,
      accept: TOLD,
      redirect: 'manual',
      timeoutMs: options.request_timeout_seconds * 1_000,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${await credential()}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (!answer.ok) throw refusalOf(answer.status, text, url.pathname)
    const pauseMs = pauseOf(answer.headers)
    if (pauseMs !== undefined) limiter(api).pause(pauseMs)
    return parse(text)
  }

  /** Once more with a new token where the old one is not taken any more, and where an answer came broken. */
  async function call(api: string, url: URL, body?: object): Promise<JsonObject> {
    try {
      return await ask(api, url, body)
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof Unauthorized) credential = issue()
      else if (error instanceof PluginError && error.code !== 'ERROR_ANSWER') throw error
    }
    return await ask(api, url, body)
  }

  return {
    cloud,
    get: (path) => call(ARM_API, addressOf(cloud, path)),
    query: (body) => call(GRAPH_API, addressOf(cloud, GRAPH_PATH), body),
  }
}

/** The token goes along, so that the next page must be where the first one is. */
function addressOf({ management }: Cloud, path: string): URL {
  const isNext = /^https?:/i.test(path)
  const url = isNext
    ? URL.parse(path)
    : new URL(`${management.pathname.replace(/\/$/, '')}${path}`, management)
  if (url?.origin === management.origin) return url
  throw new PluginError(
    'ERROR_PAGING',
    `the next page is at ${url?.origin ?? 'no address'}, and not at ${management.origin}`,
  )
}

/**
 * How long Resource Graph asks to be left alone: with a good answer it says how many more it gives, and when
 * it begins to count anew, as `00:00:05`.
 */
export function pauseOf(headers: Headers): number | undefined {
  if (headers.get('x-ms-user-quota-remaining') !== '0') return undefined
  const [, hours, minutes, seconds] =
    /^(\d+):(\d+):(\d+)/.exec(headers.get('x-ms-user-quota-resets-after') ?? '') ?? []
  if (seconds === undefined) return undefined
  const resetsMs = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000
  return Math.min(resetsMs, LONGEST_PAUSE_MS)
}

function parse(text: string): JsonObject {
  try {
    const value: JsonObject | null = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch {
    // What cannot be parsed and what is no object are the same to the caller.
  }
  throw new PluginError('ERROR_ANSWER', 'Azure answered with what is no JSON object')
}
