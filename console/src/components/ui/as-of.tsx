import { type SubmitEvent, useId, useState } from 'react'
import { fromLocalInput, toLocalInput } from '../../format/local-input.ts'
import { exactTime } from '../../format/time.ts'
import { Button } from './button.tsx'

type AsOfProps = {
  /** The instant that is looked at; empty is now. */
  readonly at: string
  readonly onAt: (at: string) => void
}

/**
 * Says which instant is looked at, and chooses another. What is typed counts once it is complete and sent.
 */
export function AsOf({ at, onAt }: AsOfProps) {
  const [isOpen, setIsOpen] = useState(false)

  function choose(next: string) {
    setIsOpen(false)
    onAt(next)
  }

  return (
    <details className="as-of" open={isOpen} onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary className="button">{at === '' ? 'Now' : `As of ${exactTime(at)}`}</summary>
      <AsOfForm key={at} at={at} onAt={choose} />
    </details>
  )
}

function AsOfForm({ at, onAt }: AsOfProps) {
  const id = useId()
  const [typed, setTyped] = useState(toLocalInput(at))

  function submit(event: SubmitEvent) {
    event.preventDefault()
    onAt(fromLocalInput(typed))
  }

  return (
    <form className="as-of-form" onSubmit={submit}>
      <label htmlFor={id}>As of</label>
      <input
        id={id}
        required
        type="datetime-local"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <p className="fine">In the time zone of your browser.</p>
      <div className="actions">
        <Button type="submit" look="primary">
          Show
        </Button>
        {at !== '' && <Button onClick={() => onAt('')}>Back to now</Button>}
      </div>
    </form>
  )
}
