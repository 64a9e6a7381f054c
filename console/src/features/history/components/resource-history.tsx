import { Fragment } from 'react'
import { Async } from '../../../components/ui/async.tsx'
import { Section } from '../../../components/ui/page.tsx'
import { Status } from '../../../components/ui/status.tsx'
import { Time } from '../../../components/ui/time.tsx'
import { type HistoryEntry, useResourceHistory } from '../api/use-resource-history.ts'
import { Cause, JobLink } from './cause.tsx'
import { Changes } from './changes.tsx'

/** What happened to one resource, and what brought each change. */
export function ResourceHistory({ id }: { id: string }) {
  const history = useResourceHistory(id)
  return (
    <Section title="History">
      <Async of={history}>
        {(entries) => (
          <ol className="timeline">
            {entries.map((entry) => (
              <li key={`${entry.at} ${entry.action} ${entry.job_id} ${entry.collector_id}`}>
                <p>
                  <Status of={entry.action} /> <Time at={entry.at} isExact />{' '}
                  <span className="fine">
                    by <Cause of={entry} />
                  </span>
                </p>
                <Evidence of={entry} />
                <Changes of={entry.changes} />
              </li>
            ))}
          </ol>
        )}
      </Async>
    </Section>
  )
}

/** Why it is so: the runs that did not see it, the rules that decided. */
function Evidence({ of }: { of: HistoryEntry }) {
  const { receipt_job_ids: receipts, rule_ids: rules, match_rule: match, inputs_changed: changed } = of
  if (receipts.length + rules.length + match.length === 0 && !changed) return null
  return (
    <ul className="plain fine">
      {receipts.length > 0 && (
        <li>
          Based on complete runs that did not see it:{' '}
          {receipts.map((id, at) => (
            <Fragment key={id}>
              {at > 0 && ', '}
              <JobLink id={id} />
            </Fragment>
          ))}
        </li>
      )}
      {rules.length > 0 && <li>Values set by {rules.join(', ')}</li>}
      {match.length > 0 && <li>Matched by {match.join(', ')}</li>}
      {changed && <li>First run with other rules, priority, project or plugin version</li>}
    </ul>
  )
}
