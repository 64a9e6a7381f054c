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
          <Section title="Held back" note="deletions that wait for a decision">
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
  emptied: 'nothing would be left',
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
        {hold.examples.length > 0 && ` Among them: ${hold.examples.join(', ')}.`}
      </p>
      <ConfirmButton
        label="Release …"
        title={`Delete ${countOf(hold.count, 'resource')}?`}
        confirm="Release and delete"
        onConfirm={() => release.mutateAsync(hold.hold_id)}
      >
        <p>
          This deletes {countOf(hold.count, 'resource')} of {what} now, except those that were seen since or
          that another collector reports. Their history names this decision, and a deletion can be undone. If
          they may only be hidden, by a lost permission for instance, cancel: the hold ends by itself when
          they are seen again.
        </p>
      </ConfirmButton>
    </div>
  )
}
