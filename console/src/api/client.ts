import { toApiError, toUnreachable } from './api-error.ts'
import { type Coverage, toCoverage } from './coverage-header.ts'
import { readEvents, type ServerEvent } from './read-events.ts'
import { readRetryAfter } from './retry.ts'

/** Who calls, and about which domain. */
export type Caller = {
  /** API key; empty sends none. */
  readonly key: string
  /** Empty lets the server fill in the domain of the key. */
  readonly domainId: string
}

export type Api = {
  /** Calls a method. `Answer` is what the contract says it returns, with all fields written out. */
  post<Answer>(path: string, request?: object, signal?: AbortSignal): Promise<Answer>
  /** The same, and asks how complete the answer is. */
  ask<Answer>(
    path: string,
    request: object,
    signal?: AbortSignal,
  ): Promise<{ readonly answer: Answer; readonly coverage: Coverage | undefined }>
  /**
   * What happens in the domain, from when this resolves. Ends when the server ends it; throws when it
   * refuses.
   */
  watch(query: Readonly<Record<string, string>>, signal: AbortSignal): Promise<AsyncIterable<ServerEvent>>
}

const COVERAGE_HEADER = 'x-gleaner-coverage'

/**
 * The REST API of the server that these pages came from. The key travels in a header, never in an address.
 */
export function createApi({ key, domainId }: Caller): Api {
  const authorization: Record<string, string> = key === '' ? {} : { authorization: `Bearer ${key}` }
  const domain = domainId === '' ? {} : { domain_id: domainId }

  async function call(path: string, request: object, more: Record<string, string>, signal?: AbortSignal) {
    const response = await open(path, {
      method: 'POST',
      headers: { ...authorization, 'content-type': 'application/json', ...more },
      body: JSON.stringify({ ...domain, ...request }),
      ...(signal && { signal }),
    })
    const body: unknown = await response.json().catch(() => undefined)
    if (response.ok) return { body, headers: response.headers }
    const { headers, status } = response
    throw toApiError(
      status,
      body,
      headers.get('x-request-id') ?? '',
      readRetryAfter(headers.get('retry-after')),
    )
  }

  return {
    post: async (path, request = {}, signal) => claimAnswer((await call(path, request, {}, signal)).body),
    async ask(path, request, signal) {
      const { body, headers } = await call(path, request, { [COVERAGE_HEADER]: '1' }, signal)
      return { answer: claimAnswer(body), coverage: toCoverage(headers.get(COVERAGE_HEADER)) }
    },
    async watch(query, signal) {
      const search = new URLSearchParams({ ...domain, ...query })
      // An EventSource could not send the key.
      const response = await open(`/gleaner/v1/events?${search}`, {
        headers: { ...authorization, accept: 'text/event-stream' },
        signal,
      })
      if (!response.ok || response.body === null)
        throw toApiError(response.status, await response.json().catch(() => undefined), '')
      return readEvents(response.body)
    },
  }
}

async function open(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, { ...init, redirect: 'error', credentials: 'omit', cache: 'no-store' })
  } catch (thrown) {
    if (init.signal?.aborted) throw thrown
    throw toUnreachable()
  }
}

/** The server that sent these pages is of the same version, and writes every field of the contract. */
function claimAnswer<Answer>(body: unknown): Answer {
  return body as Answer
}
