import type { ReleaseOptions } from '../../../src/jobs/lease/release-task.ts'
import type { AttemptLimits } from '../../../src/jobs/run/retry.ts'
import { isFinalJobStatus, taskStatusesBefore } from '../../../src/jobs/transitions.ts'
import { createModelJobs } from './model-jobs.ts'
import { createModelLanes, isUnserved } from './model-lanes.ts'
import type { ModelEnding, ModelJob, ModelLease, ModelTaker, ModelTask } from './model-types.ts'
import type { PlantedBug } from './planted-bugs.ts'

export type ModelStore = ReturnType<typeof createModelStore>

/**
 * Jobs, tasks and lanes in memory. Each function mirrors the guards of one statement of `src/jobs`; a
 * function that writes says whether it did. That it says what PostgreSQL says is tested
 * (`model-against-postgres.test.ts`).
 */
export function createModelStore(limits: AttemptLimits, bug?: PlantedBug) {
  const tasks: ModelTask[] = []
  const jobs = new Map<number, ModelJob>()
  const lanes = createModelLanes(tasks, bug)
  const { startJob, addParts, cancelTasks, countDown, changeSettings, jobOf } = createModelJobs({
    tasks,
    jobs,
    lanes,
    bug,
  })

  function takeTask(taker: ModelTaker): ModelLease | undefined {
    const task = lanes.pickTask(taker)
    if (task === undefined) return undefined
    task.status = 'IN_PROGRESS'
    if (bug !== 'attempt number not raised' || task.attempt === 0) task.attempt += 1
    task.leaseExpiresAt = taker.now + taker.leaseMs
    task.refused = 0
    lanes.serve(task.collector.domainId)
    return { task, attempt: task.attempt }
  }

  function holds({ task, attempt }: ModelLease): boolean {
    return task.attempt === attempt && task.status === 'IN_PROGRESS'
  }

  function renewLease(lease: ModelLease, now: number, leaseMs: number): boolean {
    if (!holds(lease) && bug !== 'renewal of a lost lease') return false
    lease.task.leaseExpiresAt = now + leaseMs
    return true
  }

  function splitTask(lease: ModelLease, others: number, now: number): boolean {
    if (!holds(lease) && bug !== 'split under a lost lease') return false
    lease.task.isPrepared = true
    if (others > 0) addParts(lease.task, others, now)
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
    const dead = findDead(now).filter((task) => task.lostAttempts + 1 < limits.maxLost)
    for (const task of dead) {
      task.status = 'PENDING'
      task.dueAt = now
      if (bug !== 'lost attempt not counted') task.lostAttempts += 1
    }
    return dead
  }

  /** Tasks that the reaper will end; it does so some time later. */
  function findHopeless(now: number): readonly ModelLease[] {
    if (bug === 'hopeless task left running') return []
    const hopeless = findDead(now).filter((task) => task.lostAttempts + 1 >= limits.maxLost)
    return hopeless.map((task) => ({ task, attempt: task.attempt }))
  }

  function findDead(now: number): readonly ModelTask[] {
    const early = bug === 'reaper takes a live lease' ? 5_000 : 0
    return tasks.filter((task) => task.status === 'IN_PROGRESS' && task.leaseExpiresAt < now + early)
  }

  function endHopeless(lease: ModelLease, now: number): boolean {
    const isOver = lease.task.leaseExpiresAt < now || bug === 'reaper ends what it saw and not what is'
    return isOver && finishTask(lease, { status: 'FAILURE', complete: false })
  }

  function findUnserved(
    now: number,
    live: readonly (readonly string[])[],
    limitMs: number,
  ): readonly ModelTask[] {
    lanes.markUnserved(now, live)
    return tasks.filter(
      ({ status, lane, createdAt, dueAt }) =>
        status === 'PENDING' &&
        dueAt <= now &&
        lane?.unservedSince !== undefined &&
        lane.unservedSince <= now - limitMs &&
        createdAt <= now - limitMs,
    )
  }

  function endUnserved(task: ModelTask, live: readonly (readonly string[])[]): boolean {
    if (task.status !== 'PENDING') return false
    const isStillSo =
      task.lane?.unservedSince !== undefined && task.lane !== undefined && isUnserved(task.lane, live)
    if (!isStillSo && bug !== 'given up although its settings have changed') return false
    end(task, { status: 'FAILURE', complete: false })
    return true
  }

  function finishTask(lease: ModelLease, ending: ModelEnding): boolean {
    const { task, attempt } = lease
    if (isFinalJobStatus(jobOf(task).status)) return false
    const mayMove = taskStatusesBefore(ending.status).includes(task.status)
    const isRunning = task.status === 'IN_PROGRESS' || bug === 'end written between two attempts'
    const may = task.attempt === attempt && mayMove && isRunning
    if (!may && bug !== 'end written under a lost lease') return false
    end(task, ending)
    return true
  }

  function end(task: ModelTask, ending: ModelEnding): void {
    const isRefused = ending.status === 'SUCCESS' && task.refused > 0 && bug !== 'refusals end in success'
    task.status = isRefused ? 'FAILURE' : ending.status
    task.complete = ending.complete || bug === 'receipt on a partial read'
    task.timedOut = ending.timedOut ?? false
    if (bug !== 'missed decrement') countDown(task, bug === 'counted down twice' ? 2 : 1)
  }

  return {
    tasks,
    jobs,
    startJob,
    changeSettings,
    takeTask,
    renewLease,
    splitTask,
    writeBatch,
    releaseTask,
    reapLeases,
    findHopeless,
    endHopeless,
    findUnserved,
    endUnserved,
    finishTask,
    cancelTask: (task: ModelTask) => cancelTasks([task]) > 0,
    holds,
  }
}
