import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { JsonObject } from '@gleaner/sdk'

export type Resource = JsonObject & { readonly id: string; readonly type: string }

/** What a call is answered with in place of the answer. */
export type Fault = {
  /** Part of the path, or `graph` for Resource Graph. */
  readonly at: string
  /** Of which subscription. Default: any. */
  readonly of?: string
  /** Of which page of a query, from 1 on. Default: any. */
  readonly page?: number
  /** How often. Default: always. */
  times?: number
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: object | string
  /** Never answers. */
  readonly hangs?: boolean
}

export const CREDENTIAL = {
  tenant_id: '00000000-0000-0000-0000-00000000000a',
  client_id: '00000000-0000-0000-0000-00000000000b',
  client_secret: 'client~secret.4711',
} as const

export const READER = [{ actions: ['*/read'], notActions: [] }]

type Query = {
  readonly subscriptions: readonly string[]
  readonly query: string
  readonly options?: { readonly $top?: number; readonly $skipToken?: string }
}

/**
 * Entra ID, Resource Manager and Resource Graph on a port of this machine, as their public documentation has
 * them. The index of Resource Graph is apart from what there is, and is read anew for each page: a page
 * begins where its token says, whatever has come or gone before. Without an order it has none, and without
 * `id` among the columns there is no next page.
 */
export async function startAzure(subscriptions: readonly string[], resources: readonly Resource[]) {
  const state = {
    subscriptions: [...subscriptions],
    subscriptionState: 'Enabled',
    permissions: READER as readonly JsonObject[],
    /** What there is, and what the index knows of it. */
    resources: [...resources],
    index: [...resources],
    faults: [] as Fault[],
    asked: [] as string[],
    scopes: [] as string[],
    tokens: new Set<string>(),
    /** Is told after each page of a query. */
    onPage: () => {},
  }
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const address = server.address()
  const url = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const { pathname, searchParams } = new URL(request.url ?? '/', url)
    let body = ''
    for await (const chunk of request) body += String(chunk)
    if (pathname.endsWith('/oauth2/v2.0/token'))
      return giveToken(pathname, new URLSearchParams(body), response)
    if (!state.tokens.has(request.headers.authorization?.replace('Bearer ', '') ?? ''))
      return refuse(response, 401, 'ExpiredAuthenticationToken', 'The access token expiry UTC time is past.')
    if (!searchParams.has('api-version'))
      return refuse(response, 400, 'MissingApiVersionParameter', 'The api-version is required.')
    if (pathname === '/providers/Microsoft.ResourceGraph/resources') return query(JSON.parse(body), response)
    state.asked.push(pathname)
    if (fault(response, pathname, pathname.split('/')[2])) return
    const [, id = '', rest = ''] = /^\/subscriptions(?:\/([^/]+)(.*))?$/.exec(pathname) ?? []
    if (pathname === '/subscriptions')
      return listSubscriptions(Number(searchParams.get('from') ?? 0), response)
    if (!state.subscriptions.includes(id))
      return refuse(response, 404, 'SubscriptionNotFound', `The subscription '${id}' could not be found.`)
    if (rest === '')
      return send(response, 200, {
        subscriptionId: id,
        displayName: `Subscription ${id}`,
        state: state.subscriptionState,
      })
    if (rest.endsWith('/permissions')) return send(response, 200, { value: state.permissions })
    if (rest === '/resources') return listResources(id, Number(searchParams.get('from') ?? 0), response)
    refuse(response, 404, 'InvalidResourceType', 'no such path')
  }

  function giveToken(pathname: string, form: URLSearchParams, response: ServerResponse) {
    const isRight =
      pathname === `/${CREDENTIAL.tenant_id}/oauth2/v2.0/token` &&
      form.get('grant_type') === 'client_credentials' &&
      form.get('client_id') === CREDENTIAL.client_id &&
      form.get('client_secret') === CREDENTIAL.client_secret
    if (!isRight)
      return send(response, 401, {
        error: 'invalid_client',
        error_description:
          'AADSTS7000215: Invalid client secret provided.\r\nTrace ID: 1\r\nCorrelation ID: 2',
      })
    state.scopes.push(form.get('scope') ?? '')
    const token = `token-${state.scopes.length}`
    state.tokens.add(token)
    send(response, 200, { token_type: 'Bearer', expires_in: 3_599, access_token: token })
  }

  /** Two at a time, so that there are pages. */
  function listSubscriptions(from: number, response: ServerResponse) {
    const page = state.subscriptions.slice(from, from + 2)
    const isLast = from + 2 >= state.subscriptions.length
    send(response, 200, {
      value: page.map((id) => ({
        id: `/subscriptions/${id}`,
        subscriptionId: id.toUpperCase(),
        state: 'Enabled',
      })),
      ...(isLast ? {} : { nextLink: `${url}/subscriptions?api-version=2022-12-01&from=${from + 2}` }),
    })
  }

  function listResources(id: string, from: number, response: ServerResponse) {
    const all = state.resources.filter(
      (each) => isIn(each, id) && !each.type.toLowerCase().startsWith('microsoft.resources/'),
    )
    const isLast = from + 3 >= all.length
    send(response, 200, {
      value: all
        .slice(from, from + 3)
        .map(({ createdTime = '2026-01-01T00:00:00Z', id: resourceId, type }) => ({
          id: resourceId,
          type,
          createdTime,
        })),
      ...(isLast
        ? {}
        : { nextLink: `${url}/subscriptions/${id}/resources?api-version=2021-04-01&from=${from + 3}` }),
    })
  }

  function query({ options = {}, query: text, subscriptions: [id = ''] }: Query, response: ServerResponse) {
    const top = Math.min(options.$top ?? 100, 1_000)
    const [from, ofQuery] = readToken(options.$skipToken) ?? [0, text]
    const page = from / top + 1
    const table = text.split(' ')[0] ?? ''
    state.asked.push(`${table} of ${id} page ${page}`)
    if (fault(response, 'graph', id, page)) return
    if (ofQuery !== text)
      return refuse(response, 400, 'BadRequest', 'The skip token does not belong to the query.')
    if (!state.subscriptions.includes(id))
      return refuse(response, 403, 'AuthorizationFailed', 'no authorization for the scope')
    const isContainer = ({ type }: Resource) => type.toLowerCase().startsWith('microsoft.resources/')
    const all = state.index.filter(
      (each) => isIn(each, id) && isContainer(each) === (table === 'resourcecontainers'),
    )
    const ordered = text.includes('order by id asc')
      ? all.toSorted((a, b) => (a.id.toLowerCase() < b.id.toLowerCase() ? -1 : 1))
      : all.toReversed()
    const rows = ordered.slice(from, from + top)
    const hasMore = from + top < ordered.length
    const canPage = /project id\b/.test(text)
    send(
      response,
      200,
      {
        totalRecords: ordered.length,
        count: rows.length,
        data: rows.map(({ createdTime: _, ...row }) => row),
        facets: [],
        resultTruncated: hasMore && !canPage ? 'true' : 'false',
        ...(hasMore && canPage ? { $skipToken: toToken(from + top, text) } : {}),
      },
      { 'x-ms-user-quota-remaining': '14', 'x-ms-user-quota-resets-after': '00:00:05' },
    )
    state.onPage()
  }

  function fault(response: ServerResponse, at: string, of = '', page = 1): boolean {
    const found = state.faults.find(
      (each) =>
        at.includes(each.at) &&
        (each.of ?? of) === of &&
        (each.page ?? page) === page &&
        (each.times ?? 1) > 0,
    )
    if (found === undefined) return false
    if (found.times !== undefined) found.times--
    if (found.hangs !== true) {
      const body = typeof found.body === 'string' ? found.body : JSON.stringify(found.body ?? {})
      response
        .writeHead(found.status ?? 200, { 'content-type': 'application/json', ...found.headers })
        .end(body)
    }
    return true
  }

  return {
    url,
    state,
    async stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** The body of a refusal, as Resource Manager writes it. */
export function errorBody(code: string, message: string): object {
  return { error: { code, message } }
}

function isIn({ id }: Resource, subscription: string): boolean {
  return `${id.toLowerCase()}/`.startsWith(`/subscriptions/${subscription}/`)
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  send(response, status, errorBody(code, message))
}

function send(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

function toToken(from: number, query: string): string {
  return Buffer.from(JSON.stringify([from, query])).toString('base64url')
}

function readToken(token: string | undefined): [number, string] | undefined {
  if (token === undefined) return undefined
  return JSON.parse(Buffer.from(token, 'base64url').toString('utf8'))
}
