import type { MessageInitShape } from '@bufbuild/protobuf'
import type { Context } from '../../access/index.ts'
import { toTimestamp } from '../../core/clock.ts'
import { NotFound, RequiredParameter } from '../../core/errors.ts'
import type { JobProgressInfoSchema } from '../../gen/gleaner/v1/job_pb.ts'
import { type ApiCalls, fromStored, type StoredCalls, sumCalls } from '../api-calls.ts'
import type { JobStatus } from '../job.ts'
import type { TaskStatus } from '../task.ts'
import { isFinalJobStatus } from '../transitions.ts'

type JobProgressView = MessageInitShape<typeof JobProgressInfoSchema>

// One statement, so that job and tasks are of one moment. Both sides are found by an index that begins with
// the job. Of holds the task is told that earned a receipt while they are open.
const READ_PROGRESS = `
select j.status as job_status, t.job_task_id, t.status, t.attempt, t.failed_attempts, t.lost_attempts,
       t.last_failure, t.due_at,
       t.created_count, t.updated_count, t.unchanged_count, t.failure_count, t.type_count, t.region_count,
       t.messages_read, t.bytes_read, t.calls, t.predicted_seconds, t.secret_id, t.started_at, t.finished_at,
       held.count as held_count
  from job j
  left join job_task t on t.domain_id = j.domain_id and t.job_id = j.job_id
  left join lateral (
    select coalesce(sum(h.claims), 0)::int4 as count from hold h
     where h.domain_id = t.domain_id and h.contributor_id = t.contributor_id and h.state = 'open'
       and t.seq between h.first_seq and h.last_seq
       and exists (select from receipt r where r.domain_id = t.domain_id and r.contributor_id = t.contributor_id
                                           and r.task_seq = t.seq)
  ) held on true
 where j.domain_id = $1 and j.job_id = $2
 order by t.seq`

/** How far a job is, task by task. */
export async function getJobProgress(
  ctx: Context,
  { domainId, jobId }: { readonly domainId: string; readonly jobId: string },
): Promise<JobProgressView> {
  if (jobId === '') throw new RequiredParameter('job_id')
  const rows = await ctx.db.query<ProgressRow>(READ_PROGRESS, [domainId, jobId])
  const [first] = rows
  if (first === undefined) throw new NotFound('job', jobId)
  const tasks = rows.filter(hasTask)
  const finished = isFinalJobStatus(first.jobStatus)
  return {
    jobId,
    status: first.jobStatus,
    finished,
    partial: finished && first.jobStatus !== 'SUCCESS' && tasks.some(hasCollected),
    tasks: tasks.map(toTaskProgress),
    calls: [...sumCalls(tasks.flatMap(callsOf))],
    predictedSeconds: secondsOf(tasks),
  }
}

type TaskRow = {
  readonly jobTaskId: string
  readonly status: TaskStatus
  readonly attempt: number
  readonly failedAttempts: number
  readonly lostAttempts: number
  readonly lastFailure: string
  readonly dueAt: Date
  readonly createdCount: number
  readonly updatedCount: number
  readonly unchangedCount: number
  readonly failureCount: number
  readonly typeCount: number
  readonly regionCount: number
  readonly messagesRead: number
  readonly bytesRead: number
  readonly calls: readonly StoredCalls[]
  readonly predictedSeconds: number
  /** Claims that open holds keep back, of those that the task could judge. */
  readonly heldCount: number
  readonly secretId: string
  readonly startedAt: Date | null
  readonly finishedAt: Date | null
}

type JobColumns = { readonly jobStatus: JobStatus }
type ProgressRow = JobColumns & (TaskRow | { readonly jobTaskId: null })

function hasTask(row: ProgressRow): row is JobColumns & TaskRow {
  return row.jobTaskId !== null
}

function hasCollected(task: TaskRow): boolean {
  return task.createdCount + task.updatedCount + task.unchangedCount + task.typeCount + task.regionCount > 0
}

function callsOf({ calls }: TaskRow): ApiCalls[] {
  return calls.map(fromStored)
}

/** Tasks of one secret run one after the other, those of several side by side. */
function secondsOf(tasks: readonly TaskRow[]): number {
  const bySecret = Map.groupBy(tasks, ({ secretId }) => secretId).values()
  const sums = [...bySecret].map((own) => own.reduce((sum, each) => sum + each.predictedSeconds, 0))
  return Math.max(0, ...sums)
}

function toTaskProgress(task: TaskRow): NonNullable<JobProgressView['tasks']>[number] {
  const { createdCount, updatedCount, unchangedCount, failureCount, typeCount, regionCount } = task
  return {
    jobTaskId: task.jobTaskId,
    status: task.status,
    attempt: task.attempt,
    seenCount: createdCount + updatedCount + unchangedCount + failureCount,
    createdCount,
    updatedCount,
    unchangedCount,
    failureCount,
    typeCount,
    regionCount,
    messagesRead: task.messagesRead,
    bytesRead: BigInt(task.bytesRead),
    calls: callsOf(task),
    predictedSeconds: task.predictedSeconds,
    startedAt: task.startedAt === null ? '' : toTimestamp(task.startedAt),
    finishedAt: task.finishedAt === null ? '' : toTimestamp(task.finishedAt),
    warnings: warningsOf(task),
    failedAttempts: task.failedAttempts,
    lostAttempts: task.lostAttempts,
    lastFailure: task.lastFailure,
    nextAttemptAt: waitsForRetry(task) ? toTimestamp(task.dueAt) : '',
  }
}

function waitsForRetry({ status, failedAttempts }: TaskRow): boolean {
  return status === 'PENDING' && failedAttempts > 0
}

function warningsOf({ failedAttempts, lostAttempts, heldCount }: TaskRow): string[] {
  const warnings: string[] = []
  if (failedAttempts > 0) warnings.push(`${count(failedAttempts)} before this one failed and was repeated.`)
  if (lostAttempts > 0)
    warnings.push(`${count(lostAttempts)} before this one was lost with its worker and was repeated.`)
  if (heldCount > 0) warnings.push(heldWarning(heldCount))
  return warnings
}

function count(attempts: number): string {
  return attempts === 1 ? 'One attempt' : `Each of ${attempts} attempts`
}

function heldWarning(count: number): string {
  const what = count === 1 ? 'One resource that is missing is' : `${count} resources that are missing are`
  return `${what} held: nothing of that is deleted before somebody releases the hold.`
}
