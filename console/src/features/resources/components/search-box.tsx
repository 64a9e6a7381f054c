import { type ReactNode, type SubmitEvent, useEffect, useState } from 'react'
import { Button } from '../../../components/ui/button.tsx'

type SearchBoxProps = {
  readonly text: string
  readonly onText: (text: string) => void
  /** What stands beside it. */
  readonly children: ReactNode
}

/** The one search box; what is typed counts once it is sent, so that no half term is read as a mistake. */
export function SearchBox({ text, onText, children }: SearchBoxProps) {
  const [typed, setTyped] = useState(text)
  useEffect(() => setTyped(text), [text])

  function submit(event: SubmitEvent) {
    event.preventDefault()
    onText(typed.trim())
  }

  return (
    <search>
      <div className="search-line">
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
        {children}
      </div>
      <details className="search-help">
        <summary id="search-hint">Search help</summary>
        <p>Terms side by side; all must hold. A press on an example adds it.</p>
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
  ['web', 'a word in the name, kind, id or address'],
  ['type:package', 'part of it, in any case; also for name and group'],
  ['region:eu-1,eu-2', 'exactly one of these; so for all other fields'],
  ['name~web', 'part of it, in any case'],
  ['data.cores>=8', 'numbers and times: > >= < <='],
  ['tag.team:ops', 'a tag; * for any value'],
  ['updated>now-7d', 'relative to now'],
  ['!state:deleted', 'not'],
  ['state:deleted', 'deleted ones'],
] as const
