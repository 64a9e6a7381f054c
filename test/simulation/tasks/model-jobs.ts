import { jobOutcome } from '../../../src/jobs/end/job-outcome.ts'
import { decideOverlap } from '../../../src/jobs/start/overlap.ts'
import { isFinalJobStatus, isFinalTaskStatus } from '../../../src/jobs/transitions.ts'
import { bySeq, type createModelLanes } from './model-lanes.ts'
import type { ModelCollector, ModelJob, ModelSettings, ModelTask } from './model-types.ts'
import type { PlantedBug } from './planted-bugs.ts'

export type ModelTables = {
  readonly tasks: ModelTask[]
  readonly jobs: Map<number, ModelJob>
  readonly lanes: ReturnType<typeof createModelLanes>
  readonly bug: PlantedBug | undefined
}

/**
 * How jobs start, grow and end. Mirrors admitJobs with startJobs, GROW_JOB with INSERT_PARTS, the count-down,
 * endJob with BEGIN_NEXT, and ENTER_LANES.
 */
export function createModelJobs({ tasks, jobs, lanes, bug }: ModelTables) {
  let lastSeq = 0

  /** Undefined when the overlap policy skips it. */
  function startJob(
    collector: ModelCollector,
    secrets: readonly number[],
    now: number,
  ): ModelJob | undefined {
    const open = openJobs(collector)
    const decision = decideOverlap(collector.policy, open.length)
    if (decision.kind === 'skip' && bug !== 'skipped job starts all the same') return undefined
    if (decision.kind === 'replace' && bug !== 'replaced job goes on')
      for (const job of open) cancelTasks(tasks.filter((task) => task.jobId === job.jobId))
    const isHeld = decision.kind === 'hold' && bug !== 'held job begins at once'
    const job: ModelJob = {
      jobId: jobs.size,
      collector,
      status: isHeld ? 'CREATED' : 'IN_PROGRESS',
      totalTasks: secrets.length,
      remainedTasks: secrets.length,
    }
    jobs.set(job.jobId, job)
    const lane = isHeld ? undefined : lanes.laneOf(collector)
    for (const secret of secrets) addTask(job, collector.collectorId * 10 + secret, { lane, now })
    return job
  }

  function addTask(
    job: ModelJob,
    contributorId: number,
    { lane, now }: { readonly lane: ModelTask['lane']; readonly now: number },
  ): ModelTask {
    const task: ModelTask = {
      taskId: tasks.length,
      seq: ++lastSeq,
      jobId: job.jobId,
      collector: job.collector,
      contributorId,
      createdAt: now,
      lane,
      status: 'PENDING',
      attempt: 0,
      isPrepared: false,
      leaseExpiresAt: 0,
      dueAt: now,
      failedAttempts: 0,
      lostAttempts: 0,
      timedOut: false,
      refused: 0,
      counted: 0,
      complete: false,
      seen: new Set(),
    }
    tasks.push(task)
    return task
  }

  /** Adds parts behind a task, and moves what later jobs want of the same contributor behind them. */
  function addParts(first: ModelTask, count: number, now: number): void {
    const job = jobOf(first)
    if (bug !== 'parts not counted') job.remainedTasks += count
    job.totalTasks += count
    for (let part = 0; part < count; part++)
      addTask(job, first.contributorId, { lane: first.lane, now }).isPrepared = true
    if (bug === 'parts overtaken by a later job') return
    const behind = tasks.filter(
      ({ contributorId, status, jobId }) =>
        contributorId === first.contributorId && status === 'PENDING' && jobId !== first.jobId,
    )
    for (const task of behind.toSorted(bySeq)) task.seq = ++lastSeq
  }

  function openJobs({ collectorId }: ModelCollector): readonly ModelJob[] {
    return [...jobs.values()].filter(
      (job) => job.collector.collectorId === collectorId && !isFinalJobStatus(job.status),
    )
  }

  function jobOf({ jobId }: ModelTask): ModelJob {
    const job = jobs.get(jobId)
    if (job === undefined) throw new Error(`no job ${jobId}`)
    return job
  }

  /** Ends those that are open; returns how many. */
  function cancelTasks(which: readonly ModelTask[]): number {
    const open = which.filter(
      (task) => !isFinalTaskStatus(task.status) || (bug === 'cancel of an ended task' && which.length === 1),
    )
    for (const task of open) task.status = 'CANCELED'
    for (const task of open) countDown(task, bug === 'cancel forgets to count down' ? 0 : 1)
    return open.length
  }

  function countDown(task: ModelTask, by: number): void {
    const job = jobOf(task)
    job.remainedTasks -= by
    if (job.remainedTasks !== 0) return
    const ends = tasks.filter(({ jobId }) => jobId === job.jobId)
    job.status = jobOutcome(
      bug === 'job outcome ignores failures' ? ends.filter(({ status }) => status !== 'FAILURE') : ends,
    )
    beginNext(job.collector)
  }

  function beginNext(collector: ModelCollector): void {
    const open = openJobs(collector)
    const [next] = open
    if (next === undefined || open.some(({ status }) => status === 'IN_PROGRESS')) return
    if (bug === 'held job forgotten') return
    next.status = 'IN_PROGRESS'
    enterLanes(collector)
  }

  function enterLanes(collector: ModelCollector): void {
    const lane = lanes.laneOf(collector)
    for (const task of tasks) {
      const isMoved =
        task.status === 'PENDING' ||
        (task.status === 'IN_PROGRESS' && bug !== 'running task stays in the lane of old settings')
      if (task.collector === collector && isMoved && jobOf(task).status === 'IN_PROGRESS') task.lane = lane
    }
  }

  function changeSettings(collector: ModelCollector, settings: ModelSettings): void {
    Object.assign(collector, settings)
    if (settings.policy === 'PARALLEL' && bug !== 'held jobs stay when the policy changes')
      for (const job of openJobs(collector)) job.status = 'IN_PROGRESS'
    if (bug !== 'new settings leave waiting tasks behind') enterLanes(collector)
  }

  return { startJob, addParts, cancelTasks, countDown, changeSettings, jobOf }
}
