import { createVerify, generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { JsonObject } from '@gleaner/sdk'
import type { Asset } from '../src/asset-api.ts'

const KEY = generateKeyPairSync('rsa', { modulusLength: 2_048 })
const EMAIL = 'gleaner@shop-prod.iam.gserviceaccount.com'

/** What a request for a page is answered with in place of the page. */
export type Fault = {
  /** Which: by the list's parent, and the number of its page from 1 on. */
  readonly parent: string
  readonly page?: number
  /** How often. Default: always. */
  times?: number
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Never answers. */
  readonly hangs?: boolean
}

type Project = { readonly id: string; readonly number: string; readonly above: readonly string[] }
type Cursor = {
  readonly parent: string
  readonly types: readonly string[]
  readonly at: string
  readonly from: number
}

/**
 * Google's token endpoint and Cloud Asset Inventory on a port of this machine, as their public documentation
 * has them: the signature of an assertion is verified, a page token belongs to its question, all pages of a
 * list are of one instant. What goes wrong is set by the test.
 */
export async function startInventory(projects: readonly Project[], assets: readonly Asset[]) {
  const state = {
    assets: [...assets],
    faults: [] as Fault[],
    /** Questions, as `PARENT page N`. */
    asked: [] as string[],
    types: [] as string[][],
    quotaProjects: [] as string[],
    grants: [] as string[],
    tokens: new Set<string>(),
    /** Is told after each page. */
    onPage: () => {},
    /** Pages of a list are each of an instant of their own. */
    isUnsteady: false,
  }
  const snapshots = new Map<string, readonly Asset[]>()
  let clock = Date.parse('2026-05-01T08:00:00Z')
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const url = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`
  const tokenUri = `${url}/token`

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const { pathname, searchParams } = new URL(request.url ?? '/', url)
    if (request.method === 'POST' && pathname === '/token') {
      let body = ''
      for await (const chunk of request) body += String(chunk)
      return giveToken(new URLSearchParams(body), response)
    }
    const parent = /^\/v1\/(.+)\/assets$/.exec(pathname)?.[1]
    if (request.method !== 'GET' || parent === undefined)
      return refuse(response, 404, 'NOT_FOUND', 'no such method')
    if (!state.tokens.has(request.headers.authorization?.replace('Bearer ', '') ?? ''))
      return refuse(response, 401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.')
    state.quotaProjects.push(String(request.headers['x-goog-user-project'] ?? ''))
    listPage(parent, searchParams, response)
  }

  function giveToken(form: URLSearchParams, response: ServerResponse) {
    state.grants.push(form.get('grant_type') ?? '')
    const problem =
      form.get('grant_type') === 'refresh_token'
        ? refreshProblem(form)
        : assertionProblem(form.get('assertion') ?? '', tokenUri)
    if (problem !== undefined)
      return send(response, 400, { error: 'invalid_grant', error_description: problem })
    const token = `ya29.${state.grants.length}`
    state.tokens.add(token)
    send(response, 200, { access_token: token, expires_in: 3_599, token_type: 'Bearer' })
  }

  function listPage(parent: string, query: URLSearchParams, response: ServerResponse) {
    const types = query.getAll('assetTypes')
    const token = query.get('pageToken')
    const cursor = token === null ? begin(parent, types) : readToken(token)
    if (cursor === undefined || cursor.parent !== parent || cursor.types.join() !== types.join())
      return refuse(response, 400, 'INVALID_ARGUMENT', 'The page token is invalid.')
    const size = Math.min(Number(query.get('pageSize') ?? 100), 1_000)
    const page = cursor.from / size + 1
    state.asked.push(`${parent} page ${page}`)
    state.types.push(types)
    const fault = state.faults.find(
      (each) => each.parent === parent && (each.page ?? page) === page && (each.times ?? 1) > 0,
    )
    if (fault !== undefined) return fail(response, fault)
    if (query.get('contentType') !== 'RESOURCE')
      return refuse(response, 400, 'INVALID_ARGUMENT', 'no content type')
    const all = snapshots.get(cursor.at) ?? []
    const found = all.slice(cursor.from, cursor.from + size)
    const isLast = cursor.from + size >= all.length
    if (state.isUnsteady) clock += 1_000
    const readTime = state.isUnsteady ? new Date(clock).toISOString() : cursor.at
    send(response, 200, {
      readTime,
      ...(found.length === 0 ? {} : { assets: found }),
      ...(isLast ? {} : { nextPageToken: toToken({ ...cursor, from: cursor.from + size }) }),
    })
    state.onPage()
  }

  /** Freezes what there is, so that later pages do not hear of what happens meanwhile. */
  function begin(parent: string, types: readonly string[]): Cursor {
    clock += 1_000
    const at = new Date(clock).toISOString()
    const patterns = types.map((type) => new RegExp(`^(?:${type})$`))
    const chosen = state.assets.filter(
      ({ assetType, ancestors = [] }) =>
        ancestors.includes(toNumber(parent)) &&
        (patterns.length === 0 || patterns.some((pattern) => pattern.test(assetType))),
    )
    snapshots.set(at, chosen)
    return { parent, types, at, from: 0 }
  }

  function toNumber(parent: string): string {
    const project = projects.find(({ id }) => parent === `projects/${id}`)
    return project === undefined ? parent : `projects/${project.number}`
  }

  return {
    url,
    state,
    key: {
      type: 'service_account',
      project_id: 'shop-prod',
      private_key_id: 'key-1',
      private_key: String(KEY.privateKey.export({ type: 'pkcs8', format: 'pem' })),
      client_email: EMAIL,
      token_uri: tokenUri,
    } satisfies JsonObject,
    person: {
      type: 'authorized_user',
      client_id: 'gcloud.apps',
      client_secret: 'd-secret-of-gcloud',
      refresh_token: '1//refresh-token-4711',
      token_uri: tokenUri,
    } satisfies JsonObject,
    async stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** 403 as the API says that a permission is missing. */
export function denied(parent: string): Fault {
  return {
    parent,
    status: 403,
    body: errorBody(403, 'PERMISSION_DENIED', 'The caller does not have permission'),
  }
}

/** 403 with a reason, as Google says for example that an API is not enabled. */
export function refused(parent: string, reason: string): Fault {
  const details = [
    {
      '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
      reason,
      domain: 'googleapis.com',
      metadata: { service: 'cloudasset.googleapis.com', consumer: 'projects/100' },
    },
  ]
  return {
    parent,
    status: 403,
    body: errorBody(403, 'PERMISSION_DENIED', 'It has not been used before.', details),
  }
}

export function errorBody(
  code: number,
  status: string,
  message: string,
  details: readonly object[] = [],
): string {
  return JSON.stringify({ error: { code, status, message, details } })
}

function fail(response: ServerResponse, fault: Fault): void {
  if (fault.times !== undefined) fault.times--
  if (fault.hangs === true) return
  response
    .writeHead(fault.status ?? 200, { 'content-type': 'application/json', ...fault.headers })
    .end(fault.body)
}

function refuse(response: ServerResponse, code: number, status: string, message: string): void {
  response.writeHead(code, { 'content-type': 'application/json' }).end(errorBody(code, status, message))
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function refreshProblem(form: URLSearchParams): string | undefined {
  const isRight =
    form.get('client_secret') === 'd-secret-of-gcloud' &&
    form.get('refresh_token') === '1//refresh-token-4711'
  return isRight ? undefined : 'Token has been expired or revoked.'
}

/** Why an assertion is not believed, if so. */
function assertionProblem(assertion: string, audience: string): string | undefined {
  const [header = '', claims = '', signature = ''] = assertion.split('.')
  const isSigned = createVerify('RSA-SHA256')
    .update(`${header}.${claims}`)
    .verify(KEY.publicKey, Buffer.from(signature, 'base64url'))
  if (!isSigned) return 'Invalid JWT Signature.'
  const { alg, kid } = decode(header)
  const { aud, exp, iat, iss, scope } = decode(claims)
  const now = Date.now() / 1_000
  if (alg !== 'RS256' || kid !== 'key-1') return 'Invalid JWT header.'
  if (iss !== EMAIL || aud !== audience) return 'Invalid JWT: iss or aud.'
  if (scope !== 'https://www.googleapis.com/auth/cloud-platform') return 'Invalid OAuth scope.'
  const isTimely = Number(iat) <= now + 60 && Number(exp) > now && Number(exp) - Number(iat) <= 3_600
  return isTimely ? undefined : 'Invalid JWT: Token must be a short-lived token.'
}

function decode(part: string): Readonly<Record<string, unknown>> {
  return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
}

function toToken(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url')
}

function readToken(token: string): Cursor | undefined {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}
