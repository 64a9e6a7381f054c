import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Async } from '../../../components/ui/async.tsx'
import { Facts } from '../../../components/ui/facts.tsx'
import { Page, Section } from '../../../components/ui/page.tsx'
import { Status } from '../../../components/ui/status.tsx'
import { Time } from '../../../components/ui/time.tsx'
import { useNow } from '../../../components/ui/use-now.ts'
import { verdictOf } from '../api/summary.ts'
import { useJob, type WholeJob } from '../api/use-job.ts'
import { ApiCallsTable } from './api-calls-table.tsx'
import { CancelJob } from './cancel-job.tsx'
import { ErrorList } from './error-list.tsx'
import { jobName } from './job-name.tsx'
import { TaskList } from './task-list.tsx'
import { UndoDeletions } from './undo-deletions.tsx'

/** One job: how far it is, what it did, what went wrong. */
export function JobView({ id }: { id: string }) {
  const job = useJob(id)
  return (
    <Async of={job} title={id} lines={8}>
      {(of) => <JobPage of={of} />}
    </Async>
  )
}

function JobPage({ of }: { of: WholeJob }) {
  const { job, progress, tasks } = of
  const nowMs = useNow()
  const errors = [...job.errors, ...tasks.flatMap((task) => task.errors)]
  const warnings = [...new Set(progress.tasks.flatMap((task) => task.warnings))]
  const deleted = tasks.reduce((sum, { deleted_count }) => sum + deleted_count, 0)
  return (
    <Page
      title={jobName(job, nowMs)}
      kicker="Job"
      status={<Status of={progress.status} />}
      actions={
        <>
          {!progress.finished && <CancelJob id={job.job_id} />}
          {progress.finished && deleted > 0 && <UndoDeletions id={job.job_id} count={deleted} />}
        </>
      }
    >
      <p className={`verdict ${progress.finished ? progress.status : 'running'}`} role="status">
        {verdictOf(of, nowMs)}
      </p>
      <Facts of={factsOf(of, deleted)} />
      <Section title="Tasks">
        <TaskList of={of} />
      </Section>
      {errors.length > 0 && (
        <Section title="What went wrong">
          <ErrorList of={errors} />
        </Section>
      )}
      {warnings.length > 0 && (
        <Section title="Warnings">
          <ul>
            {warnings.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </Section>
      )}
      {progress.calls.length > 0 && (
        <Section title="Calls to the provider">
          <ApiCallsTable rows={progress.calls} />
        </Section>
      )}
    </Page>
  )
}

function factsOf({ job }: WholeJob, deleted: number): readonly (readonly [string, ReactNode])[] {
  const { collector_id: id, name } = job.collector_info
  return [
    [
      'Collector',
      <Link key="collector" to="/collectors/$id" params={{ id }}>
        {name || id}
      </Link>,
    ],
    ['Started', <Time key="started" at={job.created_at} isExact />],
    ['Ended', job.finished_at === '' ? '' : <Time key="ended" at={job.finished_at} isExact />],
    [
      'Changes',
      job.finished_at === '' ? (
        ''
      ) : (
        <Link key="changes" to="/history" search={{ job: job.job_id }}>
          What it changed
        </Link>
      ),
    ],
    ['Deleted', deleted === 0 ? '' : `${deleted}`],
    ['Filter', Object.keys(job.filter).length === 0 ? '' : JSON.stringify(job.filter)],
    [
      'Id',
      <span key="id" className="code">
        {job.job_id}
      </span>,
    ],
  ]
}
