import { jobOutcome } from '../../../src/jobs/end/job-outcome.ts'
import type { AttemptLimits } from '../../../src/jobs/run/retry.ts'
import { isFinalJobStatus, isFinalTaskStatus } from '../../../src/jobs/transitions.ts'
import type { ModelStore } from './model-store.ts'
import { type ModelJob, type ModelTaker, type ModelTask, serves } from './model-types.ts'

/** The first invariant that does not hold in this state; undefined when all do. */
export function findBroken({ tasks, jobs }: ModelStore, limits: AttemptLimits): string | undefined {
  const running = tasks.filter((task) => task.status === 'IN_PROGRESS').map((task) => task.contributorId)
  if (new Set(running).size !== running.length) return 'one running task per contributor'
  for (const task of tasks) {
    if (task.counted !== task.seen.size) return 'a resource counts once'
    if (task.failedAttempts >= limits.maxFailed || task.lostAttempts >= limits.maxLost)
      return 'attempts are bounded'
    if (task.status === 'SUCCESS' && task.refused > 0) return 'a task with refusals is a failure'
  }
  for (const job of jobs.values()) {
    const own = tasks.filter((task) => task.jobId === job.jobId)
    const open = own.filter((task) => !isFinalTaskStatus(task.status)).length
    if (job.totalTasks !== own.length) return 'total_tasks is exact'
    if (job.remainedTasks !== open) return 'remained_tasks is exact'
    if (isFinalJobStatus(job.status) !== (open === 0)) return 'job and tasks agree'
    if (open === 0 && job.status !== jobOutcome(own)) return 'job and tasks agree'
    if (job.status === 'CREATED' && !isHeldBack(job, [...jobs.values()]))
      return 'a held job begins when nothing runs'
  }
  return undefined
}

function isHeldBack(job: ModelJob, jobs: readonly ModelJob[]): boolean {
  return jobs.some((other) => other.collector === job.collector && other.status === 'IN_PROGRESS')
}

/** What a take must not do, whoever chose: a look at the tables as they were before it. */
export function findWrongTake(
  task: ModelTask,
  before: readonly Pick<ModelTask, 'taskId' | 'status' | 'seq'>[],
  {
    tasks,
    taker,
    lastServed,
  }: {
    readonly tasks: readonly ModelTask[]
    readonly taker: ModelTaker
    readonly lastServed: ReadonlyMap<number, number>
  },
): string | undefined {
  const { collector } = task
  const was = (other: ModelTask) => before[other.taskId]?.status
  const running = tasks.filter((other) => was(other) === 'IN_PROGRESS')
  const runs = (counts: (other: ModelTask) => boolean) => running.filter(counts).length
  const inDomain = (domainId: number) => runs((other) => other.collector.domainId === domainId)
  const hasRoom = ({ collector: of }: ModelTask) =>
    inDomain(of.domainId) < taker.perDomain &&
    (of.pluginLimit === undefined ||
      runs((other) => other.collector.pluginId === of.pluginId) < of.pluginLimit) &&
    (of.maxParallel === 0 || runs((other) => other.collector === of) < of.maxParallel)
  const isInFront = (other: ModelTask, of: ModelTask) =>
    other.contributorId === of.contributorId &&
    (was(other) === 'IN_PROGRESS' || (was(other) === 'PENDING' && other.seq < of.seq))

  if (task.dueAt > taker.now) return 'a pause is kept'
  if (tasks.some((other) => other !== task && isInFront(other, task)))
    return 'tasks of a contributor run in order'
  if (!serves(taker.labels, collector.selector)) return 'a worker without the labels takes nothing'
  if (!hasRoom(task)) return 'limits hold'
  const turnOf = (domainId: number) => [inDomain(domainId), lastServed.get(domainId) ?? 0] as const
  const [mine, mineServed] = turnOf(collector.domainId)
  const isPassedOver = tasks.some((other) => {
    const { domainId, selector } = other.collector
    const [its, itsServed] = turnOf(domainId)
    const isFirst = its < mine || (its === mine && itsServed < mineServed)
    if (!isFirst || was(other) !== 'PENDING' || other.lane === undefined || other.dueAt > taker.now)
      return false
    return (
      serves(taker.labels, selector) &&
      hasRoom(other) &&
      !tasks.some((one) => one !== other && isInFront(one, other))
    )
  })
  return isPassedOver ? 'domains take turns' : undefined
}
