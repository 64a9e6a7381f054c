import { type SubmitEvent, useEffect, useState } from 'react'
import { Button } from '../../../components/ui/button.tsx'

/** The one search box; what is typed counts once it is sent, so that no half term is read as a mistake. */
export function SearchBox({ text, onText }: { text: string; onText: (text: string) => void }) {
  const [typed, setTyped] = useState(text)
  useEffect(() => setTyped(text), [text])

  function submit(event: SubmitEvent) {
    event.preventDefault()
    onText(typed.trim())
  }

  return (
    <search>
      <form className="search-box" onSubmit={submit}>
        <input
          type="search"
          aria-label="Search resources"
          aria-describedby="search-hint"
          placeholder="type:package ssl"
          spellCheck={false}
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <Button type="submit" look="primary">
          Search
        </Button>
      </form>
      <details className="search-help">
        <summary id="search-hint">Words, and field:value; all must hold</summary>
        <dl>
          {EXAMPLES.map(([term, means]) => (
            <div key={term}>
              <dt>
                <button
                  type="button"
                  className="code term"
                  onClick={() => setTyped(`${typed} ${term}`.trim())}
                >
                  {term}
                </button>
              </dt>
              <dd>{means}</dd>
            </div>
          ))}
        </dl>
      </details>
    </search>
  )
}

const EXAMPLES = [
  ['web', 'the word in name, kind, id or address'],
  ['type:package', 'a part of it, in any case: name, type, group'],
  ['region:eu-1,eu-2', 'exactly one of these: all other fields'],
  ['name~web', 'a part, in any case'],
  ['data.cores>=8', 'numbers and moments: > >= < <='],
  ['tag.team:ops', 'a tag of any provider; * for any value'],
  ['updated>now-7d', 'relative to now'],
  ['!state:deleted', 'not'],
  ['state:deleted', 'what is gone'],
] as const
