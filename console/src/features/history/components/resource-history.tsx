import { Link } from '@tanstack/react-router'
import { Fragment } from 'react'
import { Async } from '../../../components/ui/async.tsx'
import { CollectorLink } from '../../../components/ui/collector-link.tsx'
import { Section } from '../../../components/ui/page.tsx'
import { Status } from '../../../components/ui/status.tsx'
import { Time } from '../../../components/ui/time.tsx'
import { type HistoryEntry, useResourceHistory } from '../api/use-resource-history.ts'
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
                  <Status of={entry.action} /> <Time at={entry.at} /> <Cause of={entry} />
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

function Cause({ of }: { of: HistoryEntry }) {
  return (
    <span className="fine">
      by{' '}
      {of.cause === 'collector' && of.collector_id !== '' ? (
        <CollectorLink id={of.collector_id} />
      ) : (
        (CAUSES[of.cause] ?? of.cause)
      )}
      {of.job_id !== '' && (
        <>
          , <JobLink id={of.job_id} />
        </>
      )}
      {of.job_id === '' && of.collector_id !== '' && (
        <>
          , <CollectorLink id={of.collector_id} />
        </>
      )}
      {of.by !== '' && `, ${of.by}`}
    </span>
  )
}

const CAUSES: Readonly<Record<string, string>> = {
  collector: 'what a collector reported',
  rule: 'collector rules',
  user: 'hand',
  evidence: 'evidence',
  retired: 'retiring who reported it',
  undo: 'undoing a deletion',
}

/** Why it is so: the runs that did not see it, the rules that decided. */
function Evidence({ of }: { of: HistoryEntry }) {
  const { receipt_job_ids: receipts, rule_ids: rules, match_rule: match, inputs_changed: changed } = of
  if (receipts.length + rules.length + match.length === 0 && !changed) return null
  return (
    <ul className="plain fine">
      {receipts.length > 0 && (
        <li>
          Complete runs that did not see it:{' '}
          {receipts.map((id, at) => (
            <Fragment key={id}>
              {at > 0 && ', '}
              <JobLink id={id} />
            </Fragment>
          ))}
        </li>
      )}
      {rules.length > 0 && <li>Values given by {rules.join(', ')}</li>}
      {match.length > 0 && <li>Found to be the same by {match.join(', ')}</li>}
      {changed && <li>First run under other rules, priority, project or plugin version</li>}
    </ul>
  )
}

function JobLink({ id }: { id: string }) {
  return (
    <Link to="/jobs/$id" params={{ id }} className="code job">
      {id}
    </Link>
  )
}
