import { relativeTime } from '../../format/time.ts'
import { useNow } from './use-now.ts'

/** How long ago something was, or how soon it will be; the instant itself on hover. */
export function Time({ at, never = '–' }: { at: string; never?: string }) {
  const nowMs = useNow()
  if (at === '') return <span className="fine">{never}</span>
  return (
    <time dateTime={at} title={at}>
      {relativeTime(at, nowMs)}
    </time>
  )
}
