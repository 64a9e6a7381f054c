import { type SubmitEvent, useState } from 'react'
import { Button } from '../../../components/ui/button.tsx'
import { ErrorNotice } from '../../../components/ui/notice.tsx'
import { type SchedulePlan, toPlan, WAYS, type Way } from '../api/schedule-plan.ts'

type AddScheduleProps = {
  readonly error: unknown
  readonly isBusy: boolean
  readonly onAdd: (plan: Partial<SchedulePlan>) => void
}

const TYPES = { minutes: 'number', daily: 'time', cron: 'text' } as const

/** A plan in the ways that people think of one: every so often, each day at a time, or a line of cron. */
export function AddSchedule({ error, isBusy, onAdd }: AddScheduleProps) {
  const [way, setWay] = useState<Way>('daily')
  const [text, setText] = useState('')

  function submit(event: SubmitEvent) {
    event.preventDefault()
    onAdd(toPlan(way, text))
    setText('')
  }

  return (
    <form className="filters" onSubmit={submit}>
      <label>
        Run
        <select
          value={way}
          onChange={(event) => {
            setWay(wayOf(event.target.value))
            setText('')
          }}
        >
          {Object.entries(WAYS).map(([each, words]) => (
            <option key={each} value={each}>
              {words}
            </option>
          ))}
        </select>
      </label>
      <input
        required
        className="short"
        aria-label="When"
        type={TYPES[way]}
        placeholder={way === 'cron' ? '0 3 * * 1' : undefined}
        {...(way === 'minutes' && { min: 1, max: 60 })}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Button type="submit" disabled={isBusy}>
        Add a schedule
      </Button>
      {error !== null && <ErrorNotice error={error} />}
    </form>
  )
}

function wayOf(value: string): Way {
  return value === 'minutes' || value === 'cron' ? value : 'daily'
}
