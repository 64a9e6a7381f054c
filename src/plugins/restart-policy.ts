import type { PluginSettings } from './settings.ts'

/** What has gone wrong with a plugin lately. */
export type FailureRecord = { readonly failures: number; readonly retryAtMs: number }

export const NO_FAILURE: FailureRecord = { failures: 0, retryAtMs: 0 }

type Mishap =
  /** It never became ready. */
  | { readonly kind: 'start' }
  /** It was ready for this long and then died without being asked to. */
  | { readonly kind: 'death'; readonly livedMs: number }

type Backoff = Pick<PluginSettings, 'backoffMs' | 'maxBackoffMs' | 'stableAfterMs'>

/**
 * When a plugin may be started again. A failed start waits, twice as long each time. The first death after
 * being ready restarts at once, since another task's secret may do well; one that keeps dying waits too.
 */
export function nextFailure(
  before: FailureRecord,
  mishap: Mishap,
  nowMs: number,
  settings: Backoff,
): FailureRecord {
  if (mishap.kind === 'start') return after(before.failures + 1, before.failures, nowMs, settings)
  const earlier = mishap.livedMs >= settings.stableAfterMs ? 0 : before.failures
  return after(earlier + 1, earlier - 1, nowMs, settings)
}

function after(failures: number, doublings: number, nowMs: number, settings: Backoff): FailureRecord {
  const waitMs = doublings < 0 ? 0 : Math.min(settings.maxBackoffMs, settings.backoffMs * 2 ** doublings)
  return { failures, retryAtMs: nowMs + waitMs }
}
