import { GleanerError } from '../core/errors.ts'

/** Longest delay a timer can hold; Node fires at once when given more. */
const MAX_TIMER_MS = 2 ** 31 - 1

/** A gRPC client drops the call itself when its deadline passes, a little before or after our own timer. */
const SAME_MOMENT_MS = 50

export type RequestSignal = {
  readonly signal: AbortSignal
  /**
   * Starts the work and ends with it or with the signal, whichever is first: a verb that is told to stop
   * fails with whatever it was doing, and the caller is to hear why it was told. Work that goes on is not
   * listened to.
   */
  race<T>(work: () => Promise<T>): Promise<T>
  abort(reason: GleanerError): void
  /** Releases timer and listener. */
  close(): void
}

/**
 * One signal for the two ways a request ends early: the client leaves, or its time is up. Its reason is the
 * error to answer with.
 */
export function openRequestSignal(clientGone: AbortSignal, timeoutMs: number | undefined): RequestSignal {
  const controller = new AbortController()
  const { signal } = controller
  const abort = (reason: GleanerError) => controller.abort(reason)
  const expiresAt = performance.now() + (timeoutMs ?? Number.POSITIVE_INFINITY)
  clientGone.addEventListener('abort', leave, { once: true })
  if (clientGone.aborted) leave()
  const timer = timeoutMs === undefined ? undefined : setTimeout(expire, Math.min(timeoutMs, MAX_TIMER_MS))

  function leave(): void {
    if (performance.now() >= expiresAt - SAME_MOMENT_MS) expire()
    else abort(new GleanerError('canceled', 'ERROR_CANCELED', 'the caller went away'))
  }

  function expire(): void {
    const message = `the request was not done within ${timeoutMs} ms, the time its caller allows`
    abort(new GleanerError('deadline', 'ERROR_DEADLINE_EXCEEDED', message, { retryable: true }))
  }

  async function race<T>(work: () => Promise<T>): Promise<T> {
    signal.throwIfAborted()
    const ended = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    })
    return Promise.race([work(), ended])
  }

  return {
    signal,
    race,
    abort,
    close() {
      clearTimeout(timer)
      clientGone.removeEventListener('abort', leave)
    },
  }
}
