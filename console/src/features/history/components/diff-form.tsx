import { type SubmitEvent, useState } from 'react'
import { Button } from '../../../components/ui/button.tsx'
import { fromLocalInput, toLocalInput } from '../../../format/local-input.ts'
import type { DiffWanted } from '../api/use-diff.ts'

type DiffFormProps = { readonly wanted: DiffWanted; readonly onWanted: (wanted: DiffWanted) => void }

/** Chooses two instants, and what of their difference is wanted; nothing counts before it is sent. */
export function DiffForm({ wanted, onWanted }: DiffFormProps) {
  const [from, setFrom] = useState(toLocalInput(wanted.from))
  const [to, setTo] = useState(toLocalInput(wanted.to))
  const [text, setText] = useState(wanted.text)

  function submit(event: SubmitEvent) {
    event.preventDefault()
    onWanted({ ...wanted, from: fromLocalInput(from), to: fromLocalInput(to), text: text.trim() })
  }

  return (
    <form className="filters" onSubmit={submit}>
      <label>
        From
        <input
          required
          type="datetime-local"
          value={from}
          onChange={(event) => setFrom(event.target.value)}
        />
      </label>
      <label>
        To
        <input
          type="datetime-local"
          title="Empty: now"
          value={to}
          onChange={(event) => setTo(event.target.value)}
        />
      </label>
      <label>
        Search
        <input
          type="search"
          spellCheck={false}
          placeholder="all resources"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <Button type="submit" look="primary">
        Compare
      </Button>
    </form>
  )
}
