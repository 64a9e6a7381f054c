import { ApiError } from '../../api/api-error.ts'
import { type Caller, createApi } from '../../api/client.ts'
import type { Listed } from '../../api/page-request.ts'

export type Domain = { readonly domain_id: string; readonly name: string }

/** Who has signed in, and what may be looked at. */
export type Session = {
  readonly caller: Caller
  /** At least one, but on a server that holds none. */
  readonly domains: readonly Domain[]
}

/**
 * Says who somebody with this key is; undefined when the server wants a key and none is given. Throws when it
 * refuses the key.
 */
export async function openSession(key: string, wantedDomainId: string): Promise<Session | undefined> {
  try {
    const domains = await readDomains(key)
    const domain = domains.find(({ domain_id }) => domain_id === wantedDomainId) ?? domains[0]
    return { caller: { key, domainId: domain?.domain_id ?? '' }, domains }
  } catch (thrown) {
    if (key === '' && thrown instanceof ApiError && thrown.status === 401) return undefined
    throw thrown
  }
}

/** Whether the server did not answer, or cannot just now: a key may be as good as before. */
export function isPassing(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 0 || error.status === 429 || error.status >= 500)
}

/**
 * The system administrator, and everybody on an open server, may list all; the key of a domain knows its own.
 */
async function readDomains(key: string): Promise<readonly Domain[]> {
  const api = createApi({ key, domainId: '' })
  try {
    const query = { sort: { keys: [{ key: 'name' }] } }
    return (await api.post<Listed<Domain>>('/gleaner/v1/domain/list', { query })).results
  } catch (thrown) {
    if (!(thrown instanceof ApiError && thrown.status === 403)) throw thrown
    return [await api.post<Domain>('/gleaner/v1/domain/get')]
  }
}
