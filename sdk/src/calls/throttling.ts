/** Throw this from a call that an API refused because there were too many. */
export class Throttled extends Error {
  /** How long the API asked to be left alone. */
  readonly retryAfterMs: number | undefined

  constructor(message = 'the API refused the call: too many at the moment', retryAfterMs?: number) {
    super(message)
    this.name = 'Throttled'
    this.retryAfterMs = retryAfterMs
  }
}

/** A longer wait is a quota that is used up for the day, and nothing to sit out. */
const LONGEST_WAIT_MS = 120_000

/** How long the headers of an answer ask to wait; undefined when they do not. */
export function waitOf(headers: Headers, nowMs: number): number | undefined {
  const waitMs = readRetryAfter(headers.get('retry-after'), nowMs) ?? readReset(headers, nowMs)
  return waitMs === undefined || waitMs < 0 ? undefined : Math.min(waitMs, LONGEST_WAIT_MS)
}

/** 429 always; 503 and 403 only when they say when to come back, since they have other meanings. */
export function isThrottled(status: number, headers: Headers): boolean {
  if (status === 429) return true
  return (
    (status === 503 && headers.has('retry-after')) ||
    (status === 403 && (headers.has('retry-after') || isUsedUp(headers)))
  )
}

/** Whether an answer says that no further call is served before a time that it names. */
export function isUsedUp(headers: Headers): boolean {
  return remainingOf(headers) === 0
}

/** Seconds, or a date of HTTP. */
function readRetryAfter(text: string | null, nowMs: number): number | undefined {
  if (text === null) return undefined
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1_000
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : at - nowMs
}

/**
 * `RateLimit-Reset` is in seconds from now; `X-RateLimit-Reset` in seconds from now or since 1970, by its
 * size.
 */
function readReset(headers: Headers, nowMs: number): number | undefined {
  if (remainingOf(headers) !== 0) return undefined
  const text = headers.get('ratelimit-reset') ?? headers.get('x-ratelimit-reset')
  const seconds = Number(text ?? Number.NaN)
  if (!Number.isFinite(seconds)) return undefined
  return seconds > 1_000_000_000 ? seconds * 1_000 - nowMs : seconds * 1_000
}

function remainingOf(headers: Headers): number | undefined {
  const text = headers.get('ratelimit-remaining') ?? headers.get('x-ratelimit-remaining')
  return text === null ? undefined : Number(text)
}
