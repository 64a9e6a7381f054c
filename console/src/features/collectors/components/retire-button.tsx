import { useId, useState } from 'react'
import { ConfirmButton } from '../../../components/ui/confirm-button.tsx'
import { countOf } from '../../../format/count.ts'
import type { Collector } from '../api/collector.ts'
import { ALL_PARTS, type Claims, isNarrowed, partFields } from '../api/retirement.ts'
import { useCollectorParts, useCollectorSum } from '../api/use-collector-sums.ts'
import { useRetire } from '../api/use-collectors.ts'
import { PartChoice } from './part-choice.tsx'

/**
 * Decides what becomes of what a collector has reported, or a part of that, when nobody is going to look
 * again; nothing is chosen beforehand.
 */
export function RetireButton({ of }: { of: Collector }) {
  const [claims, setClaims] = useState<Claims>()
  const [part, setPart] = useState(ALL_PARTS)
  const { data: parts } = useCollectorParts(of.collector_id)
  const retire = useRetire(of.collector_id)
  // What is kept is kept as a whole.
  const fieldsOf = (chosen: Claims) => (chosen === 'delete' ? partFields(part, parts) : {})
  return (
    <>
      <ConfirmButton
        label="Retire …"
        look="plain"
        title={`Retire what ${of.name} has reported?`}
        confirm={claims === 'delete' ? 'Retire and delete' : 'Retire'}
        isReady={claims !== undefined}
        onOpen={() => {
          setClaims(undefined)
          setPart(ALL_PARTS)
          retire.reset()
        }}
        onConfirm={async () =>
          claims !== undefined && (await retire.mutateAsync({ claims, ...fieldsOf(claims) }))
        }
      >
        <p>For when nobody is going to look again: the account was closed, or another collector took over.</p>
        <Reported id={of.collector_id} />
        {of.state === 'ENABLED' && !isNarrowed(part) && (
          <p>
            <strong>It is enabled:</strong> its next run brings back everything that it still finds. Disable
            it first.
          </p>
        )}
        <Choices claims={claims} onClaims={setClaims} />
        {claims === 'delete' && <PartChoice parts={parts} part={part} onPart={setPart} />}
      </ConfirmButton>
      {retire.isSuccess && (
        <p role="status">
          {retire.variables.claims === 'delete'
            ? `Retired: ${countOf(retire.data, 'resource')} deleted.`
            : 'Retired: its resources stay.'}
        </p>
      )}
    </>
  )
}

/** How much is at stake. */
function Reported({ id }: { id: string }) {
  const { data: sum, error } = useCollectorSum(id)
  if (sum === undefined)
    return <p className="fine">{error === null ? 'Counting …' : 'How many resources that is, is unknown.'}</p>
  if (sum === null) return <p>It reports resources in more lists than can be added up here.</p>
  return <p>It reports {countOf(sum.resources, 'resource')} now.</p>
}

function Choices({ claims, onClaims }: { claims: Claims | undefined; onClaims: (claims: Claims) => void }) {
  const name = useId()
  return (
    <fieldset className="plain">
      <legend>What becomes of the resources?</legend>
      {CHOICES.map(([choice, words]) => (
        <label key={choice} className="choice">
          <input type="radio" name={name} checked={claims === choice} onChange={() => onClaims(choice)} />{' '}
          {words}
        </label>
      ))}
    </fieldset>
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
