import { exactTime, relativeTime } from '../../format/time.ts'
import { useNow } from './use-now.ts'

type TimeProps = {
  /** An instant of the API. */
  readonly at: string
  /** What stands where there is none. */
  readonly never?: string
  /** Shows the instant itself too, not only on hover. */
  readonly isExact?: boolean
}

/** How long ago something was, or how soon it will be. */
export function Time({ at, never = '–', isExact = false }: TimeProps) {
  const nowMs = useNow()
  if (at === '') return <span className="fine">{never}</span>
  const relative = relativeTime(at, nowMs)
  if (!isExact)
    return (
      <time dateTime={at} title={exactTime(at)}>
        {relative}
      </time>
    )
  return (
    <time dateTime={at} title={at}>
      {exactTime(at)} {relative !== at.slice(0, 10) && <span className="fine whole">({relative})</span>}
    </time>
  )
}
