import { jobOutcome } from '../../src/jobs/job-outcome.ts'
import type { AttemptLimits } from '../../src/jobs/retry.ts'
import { isFinalJobStatus, isFinalTaskStatus } from '../../src/jobs/transitions.ts'
import type { ModelStore } from './model-store.ts'

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
    if (job.remainedTasks !== open) return 'remained_tasks is exact'
    if (isFinalJobStatus(job.status) !== (open === 0)) return 'job and tasks agree'
    if (open === 0 && job.status !== jobOutcome(own)) return 'job and tasks agree'
  }
  return undefined
}
