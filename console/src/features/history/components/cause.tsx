import { Link } from '@tanstack/react-router'
import { CollectorLink } from '../../../components/ui/collector-link.tsx'

type CauseProps = {
  readonly of: {
    readonly cause: string
    readonly job_id: string
    readonly collector_id: string
    readonly by: string
  }
}

/** What brought a change: a collector and its job, rules, or somebody's call. */
export function Cause({ of }: CauseProps) {
  const isReport = of.cause === 'collector' && of.collector_id !== ''
  return (
    <span className="fine">
      {isReport ? <CollectorLink id={of.collector_id} /> : (CAUSES[of.cause] ?? of.cause)}
      {of.job_id !== '' && (
        <>
          , <JobLink id={of.job_id} />
        </>
      )}
      {!isReport && of.job_id === '' && of.collector_id !== '' && (
        <>
          , <CollectorLink id={of.collector_id} />
        </>
      )}
      {of.by !== '' && `, ${of.by}`}
    </span>
  )
}

const CAUSES: Readonly<Record<string, string>> = {
  collector: 'a collector',
  rule: 'collector rules',
  user: 'a person or a program',
  evidence: 'evidence',
  retired: 'retirement of what reported it',
  undo: 'undo of a deletion',
}

/** A job by its id, which leads to it. */
export function JobLink({ id }: { id: string }) {
  return (
    <Link to="/jobs/$id" params={{ id }} className="code">
      {id}
    </Link>
  )
}
