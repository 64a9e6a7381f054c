import { Async } from '../../../components/ui/async.tsx'
import { ConfirmButton } from '../../../components/ui/confirm-button.tsx'
import { type Column, DataTable } from '../../../components/ui/data-table.tsx'
import { Section } from '../../../components/ui/page.tsx'
import { Status } from '../../../components/ui/status.tsx'
import { Time } from '../../../components/ui/time.tsx'
import { formatCount } from '../../../format/count.ts'
import { kindOf, placeOf } from '../../../format/kind.ts'
import type { Acceptance } from '../api/acceptance.ts'
import { useAcceptances, useEndAcceptance } from '../api/use-acceptances.ts'

/** What is accepted, why and until when; nothing where nothing is. */
export function AcceptanceList() {
  const acceptances = useAcceptances()
  return (
    <Async of={acceptances} lines={1}>
      {(list) =>
        list.length > 0 && (
          <Section title="Accepted gaps" note="incomplete as they should be, and counted apart">
            <DataTable
              caption="Accepted gaps"
              columns={COLUMNS}
              rows={list}
              keyOf={({ acceptance_id }) => acceptance_id}
              below={({ reason }) => <span className="reason">{reason}</span>}
            />
          </Section>
        )
      }
    </Async>
  )
}

const COLUMNS: readonly Column<Acceptance>[] = [
  { heading: 'What', cell: scopeOf },
  { heading: 'State', cell: ({ state }) => <Status of={state} />, isWhole: true },
  { heading: 'Lists', align: 'right', cell: ({ gap_count }) => formatCount(gap_count) },
  { heading: 'By', cell: ({ accepted_by }) => accepted_by, isExtra: true },
  { heading: 'Since', cell: ({ created_at }) => <Time at={created_at} />, isWhole: true, isExtra: true },
  { heading: 'Until', cell: ({ until }) => <Time at={until} never="it is ended" isExact />, isWhole: true },
  { heading: 'Decide', cell: (acceptance) => <EndButton of={acceptance} /> },
]

function scopeOf(of: Acceptance): string {
  const scope = [kindOf(of), placeOf(of), of.secret_id].filter((part) => part !== '').join(' in ')
  const words = `${of.collector_name || of.collector_id}: ${scope === '' ? 'everything' : scope}`
  return of.classes.length === 0 ? words : `${words}, ${of.classes.join(' or ')}`
}

function EndButton({ of }: { of: Acceptance }) {
  const end = useEndAcceptance()
  return (
    <ConfirmButton
      label="End …"
      look="plain"
      title="End this acceptance?"
      confirm="End"
      confirmLook="primary"
      onConfirm={() => end.mutateAsync(of.acceptance_id)}
    >
      <p>What it accepts is incomplete like everything else from now on: {scopeOf(of)}.</p>
    </ConfirmButton>
  )
}
