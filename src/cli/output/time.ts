import * as words from '../../core/words/time.ts'

export { duration } from '../../core/words/time.ts'

/**
 * How long ago an instant of the API was: `12 s ago`, `3 h ago`; the day when it is long past; `-` when there
 * is none.
 */
export function relativeTime(timestamp: string, now: Date): string {
  const aheadMs = Date.parse(timestamp) - now.getTime()
  if (aheadMs > CLOCK_SKEW_MS) return timestamp
  return words.relativeTime(timestamp, now.getTime() + (aheadMs > 0 ? aheadMs : 0)) || '-'
}

/** An instant for reading closely: as the API writes it, and how long ago. Empty when there is none. */
export function absoluteTime(timestamp: string, now: Date): string {
  if (timestamp === '') return ''
  return `${timestamp} (${relativeTime(timestamp, now)})`
}

/** The time between two instants of the API; until now when the second is empty, `-` before the first. */
export function durationBetween(startedAt: string, finishedAt: string, now: Date): string {
  return words.durationBetween(startedAt, finishedAt, now.getTime()) || '-'
}

// The server's clock may run a little ahead of ours.
const CLOCK_SKEW_MS = 60_000
