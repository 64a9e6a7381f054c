import { Link } from '@tanstack/react-router'
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
import { TaskList } from './task-list.tsx'

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
  const { collector_id: collectorId, name } = job.collector_info
  return (
    <Page
      title={job.job_id}
      kicker={
        <Link to="/collectors/$id" params={{ id: collectorId }}>
          {name || collectorId}
        </Link>
      }
      actions={progress.finished ? <Status of={progress.status} /> : <CancelJob id={job.job_id} />}
    >
      <p className={`verdict ${progress.finished ? progress.status : 'running'}`} role="status">
        {verdictOf(of, nowMs)}
      </p>
      <Facts
        of={[
          ['Started', <Time key="started" at={job.created_at} />],
          ['Ended', job.finished_at === '' ? '' : <Time key="ended" at={job.finished_at} />],
          ['Only', Object.keys(job.filter).length === 0 ? '' : JSON.stringify(job.filter)],
        ]}
      />
      <Section title="Tasks">
        <TaskList of={of} />
      </Section>
      {errors.length > 0 && (
        <Section title="What went wrong">
          <ErrorList of={errors} />
        </Section>
      )}
      {warnings.length > 0 && (
        <Section title="Good to know">
          <ul>
            {warnings.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </Section>
      )}
      {progress.calls.length > 0 && (
        <Section title="Calls of the provider">
          <ApiCallsTable rows={progress.calls} />
        </Section>
      )}
    </Page>
  )
}
