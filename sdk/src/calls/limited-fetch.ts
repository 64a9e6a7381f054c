import { type FailureStatus, PluginError, toPluginError } from '../errors.ts'
import type { Limiter } from './call-meter.ts'
import { type RetryOptions, retry } from './retry.ts'
import { isThrottled, isUsedUp, Throttled, waitOf } from './throttling.ts'
import type { Transport } from './transport.ts'

/**
 * Called like `fetch`. Resolves with good answers and those that are accepted; rejects with a PluginError for
 * others, after its tries.
 */
export type LimitedFetch = (url: string | URL, init?: RequestInit & FetchOptions) => Promise<Response>

/** What a call may say besides what `fetch` takes. */
export type FetchOptions = {
  /** Which bucket of the provider the call draws on. Default: the host of the address. */
  readonly api?: string
  /** Statuses that are answers to you and no failures, such as 404. */
  readonly accept?: readonly number[]
  /**
   * How long one try may take, with the reading of its answer. What takes longer is tried again. Default: as
   * long as the call.
   */
  readonly timeoutMs?: number
}

type FetchContext = {
  readonly signal: AbortSignal
  readonly limiterOf: (api: string) => Limiter
  readonly retry?: RetryOptions
  readonly transport: Transport
}

/** What a refused call means, for whoever reads the task. */
const FAILURES: ReadonlyMap<number, readonly [code: string, status: FailureStatus]> = new Map([
  [400, ['ERROR_PROVIDER_REQUEST', 'INVALID_ARGUMENT']],
  [401, ['ERROR_AUTHENTICATE_FAILURE', 'UNAUTHENTICATED']],
  [403, ['ERROR_ACCESS_DENIED', 'PERMISSION_DENIED']],
  [404, ['ERROR_NOT_FOUND', 'NOT_FOUND']],
])

/**
 * `fetch` for a provider's API: paced by what the API serves, repeated where it was refused for its rate or
 * failed in passing, ended with the call. Returns good answers; throws a PluginError for others, whose
 * message names address and status, no content.
 */
export function createLimitedFetch({
  signal,
  limiterOf,
  retry: options,
  transport,
}: FetchContext): LimitedFetch {
  return (url, { api, accept = [], timeoutMs, ...init } = {}) => {
    const target = new URL(url)
    const limiter = limiterOf(api ?? target.host)
    const call = async () => {
      const ends = init.signal ? AbortSignal.any([signal, init.signal]) : signal
      const late = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs)
      const tryEnds = late === undefined ? ends : AbortSignal.any([ends, late])
      const answer = await transport(target, { ...init, signal: tryEnds }).catch((error: unknown) => {
        ends.throwIfAborted()
        if (late?.aborted) throw tooLate(target, timeoutMs)
        throw unreachable(target, error)
      })
      // The answer is good, and says that the next one would not be.
      if (isUsedUp(answer.headers)) limiter.pause(waitOf(answer.headers, Date.now()) ?? 0)
      if (answer.ok || accept.includes(answer.status)) return answer
      await answer.body?.cancel()
      const { headers, status } = answer
      const what = `${init.method ?? 'GET'} ${target.host}${target.pathname} answered ${status}`
      if (isThrottled(status, headers)) throw new Throttled(what, waitOf(headers, Date.now()))
      throw failureOf(what, status)
    }
    return retry(() => limiter.run(call, signal).catch(explain), {
      signal,
      onRetry: limiter.noteRetry,
      ...options,
    })
  }
}

/** No answer at all. The words of Node's network stack name the address and what it said. */
function unreachable({ host }: URL, error: unknown): PluginError {
  const { message, retryable } = toPluginError(error)
  if (error instanceof PluginError) return error
  return new PluginError('ERROR_CONNECTION', `${host} cannot be reached: ${message}`, {
    retryable,
    cause: error,
  })
}

function tooLate({ host }: URL, timeoutMs = 0): PluginError {
  const message = `${host} did not answer within ${timeoutMs / 1_000} s`
  return new PluginError('ERROR_TIMEOUT', message, { retryable: true })
}

function failureOf(what: string, status: number): PluginError {
  const known = FAILURES.get(status)
  if (known) return new PluginError(known[0], what, { status: known[1] })
  return new PluginError('ERROR_PROVIDER', what, { retryable: status >= 500 || status === 408 })
}

function explain(error: unknown): never {
  if (!(error instanceof Throttled)) throw error
  throw new PluginError('ERROR_THROTTLED', `${error.message}, again and again`, {
    status: 'RESOURCE_EXHAUSTED',
    cause: error,
  })
}
