/** The one source of the present moment, so that decisions and tests can be given another. */
export type Clock = () => Date

export const systemClock: Clock = () => new Date()

/** UTC with milliseconds, as the contract writes every instant: `2026-01-02T03:04:05.678Z`. */
export function toTimestamp(instant: Date): string {
  return instant.toISOString()
}
