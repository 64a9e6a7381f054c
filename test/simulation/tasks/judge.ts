import { isFinalTaskStatus } from '../../../src/jobs/transitions.ts'
import type { ModelStore } from './model-store.ts'
import type { ModelCollector, ModelJob, ModelTask } from './model-types.ts'

/** Remembers what happened, and says what must not follow from it. `breaks` is called with the invariant. */
export function createJudge(store: ModelStore, breaks: (invariant: string) => void) {
  const tokens = new Set<string>()
  const mishaps = new Map<ModelTask, { failed: number; lost: number }>()
  const ends = new Map<ModelTask, string>()
  const held = new Set<ModelJob>()
  const renumbered = new Map<ModelTask, number>()

  return {
    tookToken(token: string): void {
      if (tokens.has(token)) breaks('a token is given once')
      tokens.add(token)
    },
    mishap(task: ModelTask, what: 'failed' | 'lost'): void {
      const count = mishaps.get(task) ?? { failed: 0, lost: 0 }
      count[what] += 1
      mishaps.set(task, count)
      if (task.failedAttempts !== count.failed || task.lostAttempts !== count.lost)
        breaks('attempts are counted')
    },
    /** What became of a new job, given the jobs that were open before it. */
    started(collector: ModelCollector, openBefore: readonly ModelJob[], job: ModelJob | undefined): void {
      if (collector.policy === 'SKIP' && openBefore.length > 0 && job !== undefined)
        breaks('SKIP starts nothing beside an open job')
      if (collector.policy === 'REPLACE' && openBefore.some(({ remainedTasks }) => remainedTasks > 0))
        breaks('REPLACE leaves nothing open')
      const isBeside = openBefore.length > 0 && job?.status === 'IN_PROGRESS'
      if (collector.policy === 'QUEUE' && isBeside) breaks('QUEUE starts nothing beside an open job')
    },
    /** Between steps: ends are final, held jobs begin in order, parts of a job stay together. */
    look(): void {
      for (const task of store.tasks) {
        const end = ends.get(task)
        if (end !== undefined && end !== task.status) breaks('an end is final')
        if (isFinalTaskStatus(task.status)) ends.set(task, task.status)
        if (task.attempt > 0 && renumbered.get(task) !== undefined && renumbered.get(task) !== task.seq)
          breaks('a task that was taken keeps its number')
        if (task.attempt > 0) renumbered.set(task, task.seq)
      }
      for (const job of store.jobs.values()) {
        if (job.status === 'CREATED') held.add(job)
        else if (held.delete(job) && job.status === 'IN_PROGRESS') begun(job)
      }
    },
    /** A split keeps parts together: nothing of another job stands between them. */
    split(first: ModelTask): void {
      const parts = store.tasks.filter(
        ({ jobId, contributorId }) => jobId === first.jobId && contributorId === first.contributorId,
      )
      const last = Math.max(...parts.map(({ seq }) => seq))
      const isBetween = ({ jobId, contributorId, status, seq }: ModelTask) =>
        jobId !== first.jobId &&
        contributorId === first.contributorId &&
        status === 'PENDING' &&
        seq > first.seq &&
        seq < last
      if (store.tasks.some(isBetween)) breaks('parts keep together')
    },
  }

  function begun(job: ModelJob): void {
    const isEarlier = (other: ModelJob) => other.jobId < job.jobId && other.status === 'CREATED'
    if ([...store.jobs.values()].some((other) => other.collector === job.collector && isEarlier(other)))
      breaks('held jobs begin in order')
  }
}
