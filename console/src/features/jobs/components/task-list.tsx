import { ShareBar } from '../../../components/ui/share-bar.tsx'
import { Status } from '../../../components/ui/status.tsx'
import { Time } from '../../../components/ui/time.tsx'
import { useNow } from '../../../components/ui/use-now.ts'
import { countOf, formatCount } from '../../../format/count.ts'
import { durationBetween } from '../../../format/time.ts'
import type { TaskProgress } from '../api/job.ts'
import { shareOf } from '../api/summary.ts'
import { useExpectedCounts } from '../api/use-expected-counts.ts'
import type { WholeJob } from '../api/use-job.ts'

/** The tasks of a job, each with how far it is. */
export function TaskList({ of: { job, progress, tasks } }: { of: WholeJob }) {
  const expected = useExpectedCounts(job.collector_info.collector_id, !progress.finished)
  const secrets = new Map(tasks.map(({ job_task_id, secret_id }) => [job_task_id, secret_id]))
  if (progress.tasks.length === 0) return <p className="fine">This job has no tasks yet.</p>
  return (
    <ul className="plain tasks">
      {progress.tasks.map((task, at) => (
        <li key={task.job_task_id}>
          <Task of={task} secretId={secrets.get(task.job_task_id) ?? ''} expected={expected.data?.[at]} />
        </li>
      ))}
    </ul>
  )
}

/** A task that ended otherwise than well: how far it came says nothing, that it stopped does. */
const STOPPED: ReadonlySet<string> = new Set(['FAILURE', 'TIMEOUT', 'CANCELED'])

type TaskProps = { of: TaskProgress; secretId: string; expected: number | undefined }

function Task({ of, secretId, expected }: TaskProps) {
  const nowMs = useNow()
  return (
    <article aria-label={of.job_task_id}>
      <p className="task-head">
        <span className="code">{of.job_task_id}</span> <Status of={of.status} />
        {secretId !== '' && <span className="code">{secretId}</span>}
        <span className="fine">
          {durationBetween(of.started_at, of.finished_at, nowMs)}
          {of.attempt > 1 && ` · attempt ${of.attempt}`}
        </span>
      </p>
      {STOPPED.has(of.status) ? (
        <div className={`bar stopped ${of.status === 'CANCELED' ? 'warn' : 'bad'}`} aria-hidden="true" />
      ) : (
        <ShareBar share={shareOf(of, expected)} label={`Progress of ${of.job_task_id}`} />
      )}
      <p>{countsOf(of)}</p>
      {of.next_attempt_at !== '' && (
        <p className="fine">
          Next attempt <Time at={of.next_attempt_at} />. The last one failed: {of.last_failure}
        </p>
      )}
    </article>
  )
}

function countsOf(task: TaskProgress): string {
  const parts = [
    `${countOf(task.seen_count, 'resource')} seen`,
    `${formatCount(task.created_count)} created`,
    `${formatCount(task.updated_count)} updated`,
    `${formatCount(task.unchanged_count)} unchanged`,
    ...(task.failure_count > 0 ? [`${formatCount(task.failure_count)} failed`] : []),
  ]
  return parts.join(' · ')
}
