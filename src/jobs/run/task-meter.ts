import type { JobStatus } from '../job.ts'
import type { BatchSums } from '../part/index.ts'
import type { TaskStatus } from '../task.ts'

/** What a worker has done since it began. Attempts that were lost are not taken back: it did the work. */
export type TaskTotals = {
  /** Resources by what became of them: created, updated, unchanged, failed, types, regions. */
  readonly resources: Readonly<Record<string, number>>
  readonly batches: number
  readonly bytes: number
  /** Tasks that ended with an attempt of it, by status: not those that were canceled or given up. */
  readonly ended: Readonly<Partial<Record<TaskStatus, number>>>
  /** Jobs whose last task was such a one, by status. */
  readonly jobsEnded: Readonly<Partial<Record<JobStatus, number>>>
  /** Attempts given back for another one. */
  readonly released: number
  /** Attempts whose task had moved on when they wanted to write. */
  readonly leasesLost: number
}

export type TaskMeter = {
  batch(counts: BatchSums): void
  /** A task has ended, and its job where it was the last one. */
  ended(status: TaskStatus, job: JobStatus | undefined): void
  released(): void
  leaseLost(): void
  totals(): TaskTotals
}

const COUNTED = ['created', 'updated', 'unchanged', 'failed', 'types', 'regions'] as const

/** Counts the work of one worker. */
export function createTaskMeter(): TaskMeter {
  const resources = Object.fromEntries(COUNTED.map((name) => [name, 0]))
  const ended: Partial<Record<TaskStatus, number>> = {}
  const jobsEnded: Partial<Record<JobStatus, number>> = {}
  const sums = { batches: 0, bytes: 0, released: 0, leasesLost: 0 }
  return {
    batch(counts) {
      sums.batches++
      sums.bytes += counts.bytes
      for (const name of COUNTED) resources[name] = (resources[name] ?? 0) + counts[name]
    },
    ended(status, job) {
      ended[status] = (ended[status] ?? 0) + 1
      if (job !== undefined) jobsEnded[job] = (jobsEnded[job] ?? 0) + 1
    },
    released() {
      sums.released++
    },
    leaseLost() {
      sums.leasesLost++
    },
    totals: () => ({
      ...sums,
      resources: { ...resources },
      ended: { ...ended },
      jobsEnded: { ...jobsEnded },
    }),
  }
}
