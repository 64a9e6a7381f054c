import { createCredential, InvalidInput, type JsonObject, PluginError } from '@gleaner/sdk'
import { issueToken } from './credential.ts'
import type { Context, Options } from './options.ts'
import { refusalOf, Unauthorized } from './refusal.ts'

/** An asset as Cloud Asset Inventory lists it, as far as it is looked at. */
export type Asset = {
  readonly name: string
  readonly assetType: string
  /** What it lies in, the nearest first: `projects/NUMBER`, `folders/NUMBER`, `organizations/NUMBER`. */
  readonly ancestors?: readonly string[]
  readonly resource?: {
    readonly location?: string
    readonly version?: string
    readonly data?: JsonObject
  }
}

export type Page = {
  /** The instant that the list is of. */
  readonly readTime: string
  readonly assets: readonly Asset[]
  readonly next: string | undefined
}

export type Question = {
  /** `projects/ID`, `folders/NUMBER` or `organizations/NUMBER`. */
  readonly parent: string
  readonly assetTypes: readonly string[]
  readonly pageSize: number
  readonly pageToken: string | undefined
}

export type AssetApi = {
  /** Name of the API where calls are counted. */
  readonly host: string
  readonly listPage: (question: Question) => Promise<Page>
}

/** Statuses whose body says what was refused, and why. */
const TOLD = [400, 401, 403, 404]

/** Cloud Asset Inventory, asked with one credential that is renewed while the call goes on. */
export function createAssetApi(ctx: Context): AssetApi {
  const { fetch, options, secretData } = ctx
  const base = endpointOf(options)
  const quotaProject = options.quota_project ?? secretData.quota_project_id
  const billed = quotaProject === undefined ? {} : { 'x-goog-user-project': quotaProject }
  let credential = createCredential(() => issueToken(ctx))

  async function ask(question: Question): Promise<Page> {
    const answer = await fetch(addressOf(base, question), {
      headers: { accept: 'application/json', authorization: `Bearer ${await credential()}`, ...billed },
      accept: TOLD,
      redirect: 'manual',
      timeoutMs: options.request_timeout_seconds * 1_000,
    })
    const text = await answer.text()
    if (!answer.ok) throw refusalOf(answer.status, text, question)
    return readPage(text)
  }

  /** Once more with a new token where the old one is not taken any more, and where an answer came broken. */
  async function listPage(question: Question): Promise<Page> {
    try {
      return await ask(question)
    } catch (error) {
      ctx.signal.throwIfAborted()
      if (error instanceof Unauthorized) credential = createCredential(() => issueToken(ctx))
      else if (error instanceof PluginError && error.code !== 'ERROR_ANSWER') throw error
    }
    return await ask(question)
  }

  return { host: base.host, listPage }
}

function endpointOf({ endpoint }: Options): URL {
  const url = URL.parse(endpoint)
  if (url !== null && /^https?:$/.test(url.protocol)) return url
  throw new InvalidInput(['options.endpoint must be an address that begins with https://'])
}

function addressOf(base: URL, { assetTypes, pageSize, pageToken, parent }: Question): URL {
  const url = new URL(`${base.pathname.replace(/\/$/, '')}/v1/${parent}/assets`, base)
  url.searchParams.set('contentType', 'RESOURCE')
  url.searchParams.set('pageSize', String(pageSize))
  for (const type of assetTypes) url.searchParams.append('assetTypes', type)
  if (pageToken !== undefined) url.searchParams.set('pageToken', pageToken)
  return url
}

/** An empty list has no `assets`, but it is of an instant all the same: without one it is no list. */
function readPage(text: string): Page {
  const { assets = [], nextPageToken, readTime } = parse(text)
  if (typeof readTime !== 'string' || !Array.isArray(assets) || !assets.every(isAsset))
    throw new PluginError('ERROR_ANSWER', 'Cloud Asset Inventory answered with what is no list of assets')
  const next = typeof nextPageToken === 'string' && nextPageToken !== '' ? nextPageToken : undefined
  return { readTime, assets, next }
}

function parse(text: string): Readonly<Record<string, unknown>> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new PluginError('ERROR_ANSWER', 'Cloud Asset Inventory answered with what is no JSON')
  }
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function isAsset(value: unknown): value is Asset {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    typeof value.name === 'string' &&
    'assetType' in value &&
    typeof value.assetType === 'string'
  )
}
