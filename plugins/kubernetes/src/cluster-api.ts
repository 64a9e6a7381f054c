import { type LimitedFetch, PluginError } from '@gleaner/sdk'
import type { ClusterAccess } from './credentials/access.ts'

export type Query = Readonly<Record<string, string | number | undefined>>
export type Ask = { readonly query?: Query; readonly accept?: string; readonly body?: object }

/** Calls the API server. The answer's shape is the caller's claim. */
export type ClusterApi = <T>(path: string, ask?: Ask) => Promise<T>

/** The list changed too much while it was read page by page, or took too long. */
export class ListExpired extends Error {}

/** Statuses whose body says what was refused, and to whom. */
const TOLD = [403, 404, 406, 410]

/** The API of a cluster over a connection with the cluster's own authority. */
export function createClusterApi({ server, token }: ClusterAccess, fetch: LimitedFetch): ClusterApi {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
  return async (path, { accept = 'application/json', body, query = {} } = {}) => {
    const url = new URL(`${server.pathname.replace(/\/$/, '')}${path}`, server)
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, String(value))
    const content = { body: JSON.stringify(body), method: 'POST' }
    const answer = await fetch(url, {
      accept: TOLD,
      redirect: 'manual',
      headers: { accept, ...authorization, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? content : {}),
    })
    const read = await readJson(answer, path)
    if (!answer.ok) throw refusal(answer.status, path, read)
    return asAnswer(read)
  }
}

function refusal(status: number, path: string, body: unknown): Error {
  const message = `GET ${path} answered ${status}: ${messageOf(body)}`
  if (status === 410) return new ListExpired(message)
  if (status === 403)
    return new PluginError('ERROR_ACCESS_DENIED', messageOf(body), { status: 'PERMISSION_DENIED' })
  return new PluginError('ERROR_NOT_FOUND', message, { status: 'NOT_FOUND' })
}

/** The server's own words, of which a `Status` has a message. */
function messageOf(body: unknown): string {
  const message = typeof body === 'object' && body !== null && 'message' in body ? body.message : undefined
  return typeof message === 'string' ? message.slice(0, 1_000) : 'no reason was given'
}

async function readJson(answer: Response, path: string): Promise<unknown> {
  const text = await answer.text()
  try {
    return JSON.parse(text)
  } catch {
    if (!answer.ok) return { message: 'what it says is no JSON' }
    throw new PluginError(
      'ERROR_ANSWER',
      `GET ${path} answered what is no JSON; is this a Kubernetes API server?`,
    )
  }
}

/** Claims the shape that the API promises for a path. */
function asAnswer<T>(value: unknown): T {
  return value as T
}
