export { duration, durationBetween, relativeTime } from '../../../src/core/words/time.ts'

/**
 * An instant of the API for reading closely, to the second: `2026-01-02 03:04:05 UTC`; empty where there is
 * none.
 */
export function exactTime(timestamp: string): string {
  const at = new Date(timestamp)
  if (Number.isNaN(at.getTime())) return ''
  return `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
