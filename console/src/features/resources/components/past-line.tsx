import { Time } from '../../../components/ui/time.tsx'
import type { Past } from '../api/use-resources.ts'

/** What an answer about the past can say of itself: the instant, since when there is a history, and what that does not hold. */
export function PastLine({ of }: { of: Past }) {
  const unknown = of.unknown.map(({ path }) => path)
  return (
    <p className={`coverage ${unknown.length > 0 ? 'warn' : 'quiet'}`}>
      As it was <Time at={of.as_of} />
      {of.history_since !== '' && (
        <>
          ; the history began <Time at={of.history_since} />
        </>
      )}
      .{unknown.length > 0 && ` Not kept, and so not known: ${unknown.join(', ')}.`}
    </p>
  )
}
