import { Button } from '../../../components/ui/button.tsx'
import { fromLocalInput, toLocalInput } from '../../../format/local-input.ts'

/** Chooses the instant that is looked at; empty is now. */
export function AsOf({ at, onAt }: { at: string; onAt: (at: string) => void }) {
  return (
    <div className="filters">
      <label>
        As of
        <input
          type="datetime-local"
          value={toLocalInput(at)}
          onChange={(event) => onAt(fromLocalInput(event.target.value))}
        />
      </label>
      {at !== '' && <Button onClick={() => onAt('')}>Back to now</Button>}
    </div>
  )
}
