import { useId, useState } from 'react'
import { ConfirmButton } from '../../../components/ui/confirm-button.tsx'
import type { Collector } from '../api/collector.ts'
import { type Claims, useRetire } from '../api/use-collectors.ts'

/** Decides what becomes of what a collector has reported when nobody is going to look again; nothing is chosen beforehand. */
export function RetireButton({ of }: { of: Collector }) {
  const [claims, setClaims] = useState<Claims>()
  const retire = useRetire(of.collector_id)
  const name = useId()
  return (
    <ConfirmButton
      label="Retire …"
      look="plain"
      title={`Retire what ${of.name} has reported?`}
      confirm={claims === 'delete' ? 'Retire and delete' : 'Retire'}
      isReady={claims !== undefined}
      onConfirm={async () => claims !== undefined && (await retire.mutateAsync(claims))}
    >
      <p>For when nobody is going to look again: the account was closed, or another collector took over.</p>
      <fieldset className="plain">
        <legend>What becomes of the resources?</legend>
        {CHOICES.map(([choice, words]) => (
          <label key={choice} className="choice">
            <input type="radio" name={name} checked={claims === choice} onChange={() => setClaims(choice)} />{' '}
            {words}
          </label>
        ))}
      </fieldset>
    </ConfirmButton>
  )
}

const CHOICES = [
  [
    'keep',
    'They stay active. Coverage says that nobody looks any more. A new run of the collector undoes this.',
  ],
  [
    'delete',
    'They are deleted now, except those that another collector reports or somebody made by hand. A deletion can be undone on the page of the resource.',
  ],
] as const
