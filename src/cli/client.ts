import { ApiError, notGleaner, serverSilent, serverUnreachable, UsageError } from './failures.ts'
import { isObject, parseJson } from './json-option.ts'
import { readEvents, type StreamedEvent } from './read-events.ts'
import { isReading, readRetryAfter, retryRefused } from './retry-refused.ts'
import { listOf, textOf } from './shapes.ts'

export type JsonObject = { readonly [key: string]: unknown }

/**
 * What the server said: read, and as it was written. `--json` prints the latter, so that no number loses a
 * digit.
 */
export type Answer = {
  readonly value: JsonObject
  readonly text: string
  /** How complete it is; where that was asked for, and the server can tell. */
  readonly coverage?: JsonObject | undefined
}

/** The REST API of one server, for one caller. */
export type Client = {
  readonly url: string
  /**
   * Calls a method of the API. Throws `ApiError` for what the server refuses, `Unavailable` when it does not
   * answer. A reading call that comes when there are too many is made a few times more, each time when the
   * server says.
   */
  post(path: string, request: JsonObject): Promise<Answer>
  /** The same, and asks how complete the answer is. */
  ask(path: string, request: JsonObject): Promise<Answer>
  /** The same as `post`, and goes on when the user interrupts: for what has to be cleaned up then. */
  finish(path: string, request: JsonObject): Promise<Answer>
  /** Reads one of the server's own pages; any status is an answer as long as it is JSON. */
  get(path: string): Promise<Answer & { readonly status: number }>
  /** Opens a stream of the API and tells its messages until the server ends it; throws what `post` throws. */
  stream(request: StreamRequest): AsyncIterable<StreamedEvent>
}

type StreamRequest = {
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** Ends the stream early, by its reason. Default only an interrupt does. */
  readonly until?: AbortSignal
}

type ClientOptions = {
  readonly url: string
  /** API key, sent as Bearer. Empty sends none. */
  readonly token: string
  /** Ends every request when the user interrupts. */
  readonly signal: AbortSignal
  /** Longest time from sending a request to the last byte of its answer. */
  readonly timeoutMs?: number
}

/** Makes a client; throws `UsageError` when the address cannot be one. */
export function createClient({ url, token, signal, timeoutMs = 30_000 }: ClientOptions): Client {
  const base = parseBase(url)
  const shownUrl = base.href.replace(/\/$/, '')
  const headers = {
    accept: 'application/json',
    ...(token === '' ? {} : { authorization: `Bearer ${token}` }),
  }

  async function request(
    path: string,
    init: RequestInit,
    interrupt: AbortSignal = signal,
  ): Promise<Received> {
    const deadline = AbortSignal.timeout(timeoutMs)
    try {
      const response = await fetch(`${shownUrl}${path}`, {
        ...init,
        // A token is for this server only, so nobody is followed elsewhere.
        redirect: 'manual',
        signal: AbortSignal.any([interrupt, deadline]),
      })
      const coverage = response.headers.get(COVERAGE_HEADER) ?? ''
      const retryAfterMs = readRetryAfter(response.headers.get('retry-after'), new Date())
      return { status: response.status, text: await response.text(), coverage, retryAfterMs }
    } catch (thrown) {
      if (interrupt.aborted) throw interrupt.reason
      if (deadline.aborted) throw serverSilent(shownUrl, path, timeoutMs)
      throw serverUnreachable(shownUrl, thrown)
    }
  }

  async function get(path: string) {
    const { status, text } = await request(path, { headers })
    return { status, text, value: parseObject(text) ?? fail(status, text) }
  }

  async function call(
    path: string,
    body: JsonObject,
    { more = {}, interrupt }: Calling = {},
  ): Promise<Answer> {
    const init = {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', ...more },
      body: JSON.stringify(body),
    }
    const { status, text, coverage, retryAfterMs } = await request(path, init, interrupt)
    const value = parseObject(text)
    if (value === undefined) return fail(status, text)
    if (status >= 200 && status < 300) return { value, text, coverage: parseObject(coverage) }
    throw toApiError(status, value, retryAfterMs) ?? fail(status, text)
  }

  function ask(path: string, body: JsonObject, calling: Calling = {}): Promise<Answer> {
    const once = () => call(path, body, calling)
    return isReading(path) ? retryRefused(once, signal) : once()
  }

  async function* stream({ path, query, until = signal }: StreamRequest) {
    const response = await open(`${path}?${new URLSearchParams(query)}`, until)
    if (response.status !== 200 || response.body === null) {
      const text = await response.text()
      throw toApiError(response.status, parseObject(text) ?? {}) ?? fail(response.status, text)
    }
    try {
      for await (const { isError, data } of readEvents(response.body)) {
        const value = parseObject(data) ?? fail(response.status, data)
        if (isError) throw toApiError(UNAVAILABLE, value) ?? fail(response.status, data)
        yield { value, text: data }
      }
    } catch (thrown) {
      if (until.aborted) throw until.reason
      throw thrown instanceof ApiError ? thrown : serverUnreachable(shownUrl, thrown)
    }
  }

  async function open(path: string, until: AbortSignal): Promise<Response> {
    try {
      return await fetch(`${shownUrl}${path}`, {
        headers: { ...headers, accept: 'text/event-stream' },
        redirect: 'manual',
        signal: until,
      })
    } catch (thrown) {
      if (until.aborted) throw until.reason
      throw serverUnreachable(shownUrl, thrown)
    }
  }

  function fail(status: number, text: string): never {
    throw notGleaner(shownUrl, status, text === '' ? 'an empty body' : 'something else than its JSON')
  }

  return {
    url: shownUrl,
    get,
    post: (path, body) => ask(path, body),
    ask: (path, body) => ask(path, body, { more: { [COVERAGE_HEADER]: '1' } }),
    finish: (path, body) => call(path, body, { interrupt: new AbortController().signal }),
    stream,
  }
}

type Received = {
  readonly status: number
  readonly text: string
  readonly coverage: string
  readonly retryAfterMs: number | undefined
}

type Calling = {
  /** Headers beside those of every call. */
  readonly more?: Readonly<Record<string, string>>
  /** What ends the call early; without it an interrupt. */
  readonly interrupt?: AbortSignal
}

/** Asks how complete an answer is, and says it. */
const COVERAGE_HEADER = 'x-gleaner-coverage'

/** What a stream ends with that the server ends: the status it would have had before it began. */
const UNAVAILABLE = 503

function parseBase(url: string): URL {
  const base = URL.canParse(url) ? new URL(url) : undefined
  if (base === undefined || !['http:', 'https:'].includes(base.protocol)) {
    throw new UsageError(`'${url}' is no address of a server; write it like http://127.0.0.1:8080`)
  }
  // Not repeated in the message: what stands there is a password.
  if (base.username !== '' || base.password !== '') {
    throw new UsageError(
      'the address of the server must not hold a user or password; an API key goes into GLEANER_API_KEY or --api-key-file',
    )
  }
  base.search = ''
  base.hash = ''
  return base
}

function parseObject(text: string): JsonObject | undefined {
  const value = parseJson(text)
  return isObject(value) ? value : undefined
}

function toApiError(status: number, body: JsonObject, retryAfterMs?: number): ApiError | undefined {
  const { detail } = body
  if (isObject(detail))
    return new ApiError(status, textOf(detail, 'code'), textOf(detail, 'message'), retryAfterMs)
  const first = listOf(body, 'detail')[0]
  return first === undefined
    ? undefined
    : new ApiError(status, 'ERROR_INVALID_ARGUMENT', textOf(first, 'msg'))
}
