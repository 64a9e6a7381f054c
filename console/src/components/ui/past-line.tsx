import { Time } from './time.tsx'

/** What an answer about the past says of itself. */
export type Past = {
  readonly as_of: string
  readonly history_since: string
  /** Paths of what history does not hold. */
  readonly unknown_paths: readonly string[]
}

/**
 * What an answer about the past can say of itself: the instant, since when there is a history, and what that
 * does not hold.
 */
export function PastLine({ of: { as_of, history_since, unknown_paths: unknown } }: { of: Past }) {
  return (
    <p className={`coverage ${unknown.length > 0 ? 'warn' : 'quiet'}`}>
      As it was at <Time at={as_of} isExact />
      {history_since !== '' && (
        <>
          ; history starts at <Time at={history_since} isExact />
        </>
      )}
      .{unknown.length > 0 && ` Not in the history, so not known: ${unknown.join(', ')}.`}
    </p>
  )
}
