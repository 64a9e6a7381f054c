import { useState } from 'react'
import { Async } from '../../../components/ui/async.tsx'
import { Button } from '../../../components/ui/button.tsx'
import { type Column, DataTable } from '../../../components/ui/data-table.tsx'
import { Section } from '../../../components/ui/page.tsx'
import { countOf, formatCount } from '../../../format/count.ts'
import { duration } from '../../../format/time.ts'
import { type CollectorPlan, type PlannedApi, type SecretPlan, usePlan } from '../api/use-plan.ts'

/**
 * What the next collection takes: calls, time, permissions, and the policy that grants them. Nothing is
 * collected for it.
 */
export function PlanSection({ id }: { id: string }) {
  const [isWanted, setIsWanted] = useState(false)
  const plan = usePlan(id, isWanted)
  return (
    <Section title="Plan" note="what the next run takes; asking collects and changes nothing">
      {isWanted ? (
        <Async of={plan}>{(of) => <Plan of={of} />}</Async>
      ) : (
        <Button onClick={() => setIsWanted(true)}>Predict</Button>
      )}
    </Section>
  )
}

function Plan({ of }: { of: CollectorPlan }) {
  const time = of.seconds === 0 ? 'duration unknown' : `about ${duration(of.seconds * 1_000)}`
  if (!of.predicts)
    return (
      <p>
        This plugin makes no prediction.
        {of.permissions.length > 0 && ` It needs these permissions: ${of.permissions.join(', ')}.`}
      </p>
    )
  return (
    <>
      <p>
        {countOf(of.calls, 'call')}, {countOf(of.permissions.length, 'permission')}; {time}.
      </p>
      {of.secrets.map((secret) => (
        <PlanOfSecret key={secret.secret_id} of={secret} />
      ))}
    </>
  )
}

function PlanOfSecret({ of }: { of: SecretPlan }) {
  return (
    <>
      {of.secret_id !== '' && <p className="code">{of.secret_id}</p>}
      {of.error_code !== '' && (
        <div className="notice error">
          <p className="message">{of.error_message}</p>
          <p className="fine">{of.error_code}</p>
        </div>
      )}
      {of.apis.length > 0 && (
        <DataTable caption="Calls by API" columns={COLUMNS} rows={of.apis} keyOf={({ api }) => api} />
      )}
      <ul className="fine">
        {of.notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
      {of.policies.map((policy) => (
        <details key={JSON.stringify(policy)}>
          <summary>A policy that grants these permissions</summary>
          <pre>{JSON.stringify(policy, undefined, 2)}</pre>
        </details>
      ))}
    </>
  )
}

const COLUMNS: readonly Column<PlannedApi>[] = [
  { heading: 'API', cell: ({ api }) => api, isWhole: true },
  { heading: 'Calls', align: 'right', cell: ({ calls }) => formatCount(calls) },
  {
    heading: 'About',
    align: 'right',
    cell: ({ seconds }) => (seconds === 0 ? '–' : duration(seconds * 1_000)),
  },
  { heading: 'Based on', cell: ({ basis }) => basis || '–', isWhole: true },
  { heading: 'Permissions', cell: ({ permissions }) => permissions.join(', ') || '–', isExtra: true },
]
