import { Async } from '../../../components/ui/async.tsx'
import { ConfirmButton } from '../../../components/ui/confirm-button.tsx'
import { Section } from '../../../components/ui/page.tsx'
import { Time } from '../../../components/ui/time.tsx'
import { countOf, formatCount } from '../../../format/count.ts'
import { kindOf, placeOf } from '../../../format/kind.ts'
import type { Hold } from '../api/cell.ts'
import { useHolds, useReleaseHold } from '../api/use-coverage.ts'

/** Deletions that wait for somebody to decide; nothing where there is none. */
export function HoldList() {
  const holds = useHolds()
  return (
    <Async of={holds} lines={1}>
      {(list) =>
        list.length > 0 && (
          <Section title="Held back" note="so much would be deleted at once that somebody should look first">
            <ul className="plain">
              {list.map((hold) => (
                <li key={hold.hold_id}>
                  <OneHold of={hold} />
                </li>
              ))}
            </ul>
          </Section>
        )
      }
    </Async>
  )
}

const BECAUSE: Readonly<Record<string, string>> = {
  emptied: 'nothing was left',
  many: 'it is more than half at once',
}

function OneHold({ of: hold }: { of: Hold }) {
  const release = useReleaseHold()
  const what = [kindOf(hold), placeOf(hold)].filter((part) => part !== '').join(' in ') || hold.scope
  return (
    <div className="notice warn">
      <p className="message">
        {formatCount(hold.count)} of {countOf(hold.of_count, 'resource')}: {what}
      </p>
      <p>
        Not seen since <Time at={hold.created_at} />, and kept because {BECAUSE[hold.reason] ?? hold.reason}.
        {hold.examples.length > 0 && ` Such as ${hold.examples.join(', ')}.`}
      </p>
      <ConfirmButton
        label="Release …"
        title={`Delete ${countOf(hold.count, 'resource')}?`}
        confirm="Delete them"
        onConfirm={() => release.mutateAsync(hold.hold_id)}
      >
        <p>
          They become deleted, with this decision in their history. Were they only hidden, by a permission
          that was lost, say, then leave the hold: it lapses when they are seen again.
        </p>
      </ConfirmButton>
    </div>
  )
}
