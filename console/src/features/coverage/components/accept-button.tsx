import { useState } from 'react'
import { ConfirmButton } from '../../../components/ui/confirm-button.tsx'
import { Field } from '../../../components/ui/field.tsx'
import { fromLocalInput } from '../../../format/local-input.ts'
import type { Cell } from '../api/cell.ts'
import { NARROWINGS, type Narrowing, namesIn, toScope } from '../api/scope.ts'
import { useAccept } from '../api/use-acceptances.ts'

/** Accepts the gap of a list, and as much around it as is wanted. */
export function AcceptButton({ of }: { of: Cell }) {
  const [wide, setWide] = useState<ReadonlySet<Narrowing>>(NOTHING)
  const [reason, setReason] = useState('')
  const [until, setUntil] = useState('')
  const accept = useAccept()
  return (
    <ConfirmButton
      label="Accept …"
      look="plain"
      title="Accept this gap?"
      confirm="Accept"
      confirmLook="primary"
      isReady={reason.trim() !== ''}
      onOpen={() => {
        setWide(NOTHING)
        setReason('')
        setUntil('')
      }}
      onConfirm={() => accept.mutateAsync({ ...toScope(of, wide), reason, until: fromLocalInput(until) })}
    >
      <p>
        For what is as it should be: a region that is forbidden, a service that nobody uses. It stays
        incomplete and nothing in it is taken for deleted; it is only counted apart, so that new gaps stand
        out.
      </p>
      <ScopeChoice of={of} wide={wide} onWide={setWide} />
      <Field label="Why" isRequired>
        {(ids) => (
          <textarea
            {...ids}
            rows={2}
            maxLength={1000}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
      <Field label="Until" hint="Empty: until somebody ends it.">
        {(ids) => (
          <input
            {...ids}
            type="datetime-local"
            value={until}
            onChange={(event) => setUntil(event.target.value)}
          />
        )}
      </Field>
    </ConfirmButton>
  )
}

const NOTHING: ReadonlySet<Narrowing> = new Set()

type ScopeChoiceProps = {
  readonly of: Cell
  readonly wide: ReadonlySet<Narrowing>
  readonly onWide: (wide: ReadonlySet<Narrowing>) => void
}

/** What the acceptance is about: this list alone at first; what is unticked no longer narrows it. */
function ScopeChoice({ of, wide, onWide }: ScopeChoiceProps) {
  const names = namesIn(of)
  return (
    <fieldset className="plain">
      <legend>Gaps of {of.collector_name || of.collector_id}, only</legend>
      {NARROWINGS.filter((each) => names[each] !== '').map((each) => (
        <label key={each} className="choice">
          <input
            type="checkbox"
            checked={!wide.has(each)}
            onChange={() => onWide(wide.symmetricDifference(new Set([each])))}
          />{' '}
          {WORDS[each]} {names[each]}
        </label>
      ))}
    </fieldset>
  )
}

const WORDS: Readonly<Record<Narrowing, string>> = {
  kind: 'of kind',
  account: 'in account',
  region: 'in region',
  secret: 'with secret',
  class: 'whose failures are',
}
