import type { JobStatus } from '../../../src/jobs/job.ts'
import type { OverlapPolicy } from '../../../src/jobs/start/overlap.ts'
import type { TaskStatus } from '../../../src/jobs/task.ts'

/** What of a collector decides where its tasks wait and what a new job of it does. */
export type ModelSettings = {
  policy: OverlapPolicy
  selector: readonly string[]
  /** 0: no limit. */
  maxParallel: number
}
export type ModelCollector = ModelSettings & {
  readonly collectorId: number
  readonly domainId: number
  readonly pluginId: number
  readonly pluginLimit: number | undefined
}
export type ModelLane = {
  readonly key: string
  readonly domainId: number
  readonly pluginId: number
  readonly selector: readonly string[]
  /** Of a lane that one collector has for itself. */
  readonly collectorId: number | undefined
  pluginLimit: number | undefined
  collectorLimit: number | undefined
  unservedSince: number | undefined
  unservedSeenAt: number
}
export type ModelTask = {
  readonly taskId: number
  seq: number
  readonly jobId: number
  readonly collector: ModelCollector
  readonly contributorId: number
  readonly createdAt: number
  lane: ModelLane | undefined
  status: TaskStatus
  attempt: number
  isPrepared: boolean
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
export type ModelJob = {
  readonly jobId: number
  readonly collector: ModelCollector
  status: JobStatus
  totalTasks: number
  remainedTasks: number
}
export type ModelLease = { readonly task: ModelTask; readonly attempt: number }
export type ModelEnding = {
  readonly status: 'SUCCESS' | 'FAILURE' | 'CANCELED'
  readonly complete: boolean
  readonly timedOut?: boolean
}

/** How a worker takes tasks. */
export type ModelTaker = {
  readonly now: number
  readonly leaseMs: number
  readonly labels: readonly string[]
  /** Tasks of one domain that may run at once; 0: any number. */
  readonly perDomain: number
}

export function serves(labels: readonly string[], selector: readonly string[]): boolean {
  return selector.every((label) => labels.includes(label))
}
