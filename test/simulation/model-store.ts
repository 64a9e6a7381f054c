import type { JobStatus } from '../../src/jobs/job.ts'
import { jobOutcome } from '../../src/jobs/job-outcome.ts'
import type { ReleaseOptions } from '../../src/jobs/release-task.ts'
import type { AttemptLimits } from '../../src/jobs/retry.ts'
import type { TaskStatus } from '../../src/jobs/task.ts'
import { isFinalJobStatus, isFinalTaskStatus, taskStatusesBefore } from '../../src/jobs/transitions.ts'
import type { PlantedBug } from './planted-bugs.ts'

export type ModelTask = {
  readonly seq: number
  readonly jobId: number
  readonly contributorId: number
  status: TaskStatus
  attempt: number
  leaseExpiresAt: number
  dueAt: number
  failedAttempts: number
  lostAttempts: number
  timedOut: boolean
  refused: number
  counted: number
  complete: boolean
  readonly seen: Set<number>
}
export type ModelJob = { readonly jobId: number; status: JobStatus; remainedTasks: number }
export type ModelLease = { readonly task: ModelTask; readonly attempt: number }
export type ModelEnding = {
  readonly status: 'SUCCESS' | 'FAILURE' | 'CANCELED'
  readonly complete: boolean
  readonly timedOut?: boolean
}
export type ModelStore = ReturnType<typeof createModelStore>

/**
 * Job tasks in memory. Each function mirrors the guards of one statement of `src/jobs`: TAKE_TASK, RENEW_LEASE, RELEASE_TASK,
 * REQUEUE and HOPELESS, END_TASK with the count-down before it. A function that writes says whether it did.
 */
export function createModelStore(limits: AttemptLimits, bug: PlantedBug | undefined) {
  const tasks: ModelTask[] = []
  const jobs = new Map<number, ModelJob>()

  function startJob(contributors: readonly number[], now: number): ModelJob {
    const job: ModelJob = { jobId: jobs.size, status: 'IN_PROGRESS', remainedTasks: contributors.length }
    jobs.set(job.jobId, job)
    for (const contributorId of contributors)
      tasks.push({
        seq: tasks.length,
        jobId: job.jobId,
        contributorId,
        status: 'PENDING',
        attempt: 0,
        leaseExpiresAt: 0,
        dueAt: now,
        failedAttempts: 0,
        lostAttempts: 0,
        timedOut: false,
        refused: 0,
        counted: 0,
        complete: false,
        seen: new Set(),
      })
    return job
  }

  function takeTask(now: number, leaseMs: number): ModelLease | undefined {
    const task = tasks.find(
      (one) =>
        one.status === 'PENDING' &&
        (one.dueAt <= now || bug === 'pause before the next attempt ignored') &&
        !tasks.some((other) => isInTheWay(other, one)),
    )
    if (task === undefined) return undefined
    task.status = 'IN_PROGRESS'
    if (bug !== 'attempt number not raised' || task.attempt === 0) task.attempt += 1
    task.leaseExpiresAt = now + leaseMs
    task.refused = 0
    return { task, attempt: task.attempt }
  }

  function isInTheWay(other: ModelTask, task: ModelTask): boolean {
    if (other === task || other.contributorId !== task.contributorId) return false
    if (other.status === 'IN_PROGRESS') return bug !== 'two tasks of one contributor at once'
    return other.status === 'PENDING' && other.seq < task.seq && bug !== 'later task overtakes an earlier one'
  }

  function holds({ task, attempt }: ModelLease): boolean {
    return task.attempt === attempt && task.status === 'IN_PROGRESS'
  }

  function renewLease(lease: ModelLease, now: number, leaseMs: number): boolean {
    if (!holds(lease) && bug !== 'renewal of a lost lease') return false
    lease.task.leaseExpiresAt = now + leaseMs
    return true
  }

  function writeBatch(lease: ModelLease, resources: readonly number[], refused: number): boolean {
    const { task, attempt } = lease
    const running = task.status === 'IN_PROGRESS'
    const may =
      bug === 'batch written under a lost lease' ||
      (bug === 'fencing compared with <=' && running && attempt <= task.attempt) ||
      (bug === 'batch written after the end' && task.attempt === attempt) ||
      holds(lease)
    if (!may) return false
    for (const resource of resources) {
      if (!task.seen.has(resource) || bug === 'resource counted at every sighting') task.counted += 1
      task.seen.add(resource)
    }
    task.refused += refused
    return true
  }

  function releaseTask(lease: ModelLease, { delayMs, counts }: ReleaseOptions, now: number): boolean {
    if (!holds(lease) && bug !== 'release under a lost lease') return false
    lease.task.status = 'PENDING'
    lease.task.dueAt = now + delayMs
    if (counts === 'failed' && bug !== 'failed attempt not counted') lease.task.failedAttempts += 1
    if (counts === 'lost') lease.task.lostAttempts += 1
    return true
  }

  function reapLeases(now: number): readonly ModelTask[] {
    if (bug === 'reaper never looks') return []
    const early = bug === 'reaper takes a live lease' ? 5_000 : 0
    const dead = tasks.filter((task) => task.status === 'IN_PROGRESS' && task.leaseExpiresAt < now + early)
    return dead.filter((task) => {
      if (task.lostAttempts + 1 >= limits.maxLost) {
        if (bug === 'hopeless task left running') return false
        return finishTask({ task, attempt: task.attempt }, { status: 'FAILURE', complete: false })
      }
      task.status = 'PENDING'
      task.dueAt = now
      if (bug !== 'lost attempt not counted') task.lostAttempts += 1
      return true
    })
  }

  function finishTask(lease: ModelLease, ending: ModelEnding): boolean {
    const { task, attempt } = lease
    const job = jobs.get(task.jobId)
    if (job === undefined || isFinalJobStatus(job.status)) return false
    const mayMove = taskStatusesBefore(ending.status).includes(task.status)
    const isRunning = task.status === 'IN_PROGRESS' || bug === 'end written between two attempts'
    const may = task.attempt === attempt && mayMove && isRunning
    if (!may && bug !== 'end written under a lost lease') return false
    const isRefused = ending.status === 'SUCCESS' && task.refused > 0 && bug !== 'refusals end in success'
    task.status = isRefused ? 'FAILURE' : ending.status
    task.complete = ending.complete || bug === 'receipt on a partial read'
    task.timedOut = ending.timedOut ?? false
    if (bug !== 'missed decrement') job.remainedTasks -= bug === 'counted down twice' ? 2 : 1
    endJobWhenDone(job)
    return true
  }

  function cancelTask(task: ModelTask): boolean {
    if (isFinalTaskStatus(task.status) && bug !== 'cancel of an ended task') return false
    const job = jobs.get(task.jobId)
    if (job === undefined || isFinalJobStatus(job.status)) return false
    task.status = 'CANCELED'
    if (bug !== 'cancel forgets to count down') job.remainedTasks -= 1
    endJobWhenDone(job)
    return true
  }

  function endJobWhenDone(job: ModelJob): void {
    if (job.remainedTasks !== 0) return
    const ends = tasks.filter((task) => task.jobId === job.jobId)
    const counted =
      bug === 'job outcome ignores failures' ? ends.filter((task) => task.status !== 'FAILURE') : ends
    job.status = jobOutcome(counted)
  }

  return {
    tasks,
    jobs,
    startJob,
    takeTask,
    renewLease,
    writeBatch,
    releaseTask,
    reapLeases,
    finishTask,
    cancelTask,
    holds,
  }
}
