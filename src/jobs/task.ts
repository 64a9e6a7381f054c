import type { JsonObject } from '@bufbuild/protobuf'
import type { Id } from '../core/ids.ts'
import type { CollectMode } from './job.ts'

/** Where a task stands. The last three are final. */
export const TASK_STATUSES = ['PENDING', 'IN_PROGRESS', 'SUCCESS', 'FAILURE', 'CANCELED'] as const
export type TaskStatus = (typeof TASK_STATUSES)[number]

/** Names one task. */
export type TaskKey = { readonly domainId: string; readonly jobTaskId: Id<'jobTask'> }

/**
 * The right to write for a task. It is good while the row still has this attempt number and is IN_PROGRESS;
 * every statement that writes for the task says so in its `where`.
 */
export type TaskLease = TaskKey & { readonly attempt: number }

/** A task that a worker has just taken, with everything it needs to run it. */
export type TakenTask = TaskLease & {
  readonly seq: number
  readonly jobId: Id<'job'>
  readonly collectorId: string
  readonly contributorId: number
  readonly secretId: string
  readonly projectId: string
  /** What of the work of its secret the task is; `{}` for all of it. Right once the task is prepared. */
  readonly taskOptions: JsonObject
  /** Whether the plugin was asked how to split the work. */
  readonly isPrepared: boolean
  /** Whether further parts of the same work wait for this one to end. */
  readonly hasPartsBehind: boolean
  /**
   * Whether another one waited when it was taken, whoever may run that. Where none did there is nothing to
   * look for.
   */
  readonly othersWait: boolean
  readonly failedAttempts: number
  readonly lostAttempts: number
  /** What the plugin is called with: the job's filter, and what was remembered for it. */
  readonly filter: JsonObject
  readonly collectMode: CollectMode
  /** The trace that its job was asked for in; null for none. */
  readonly traceParent: string | null
  /** Undefined when the collector was deleted after the task had been planned. */
  readonly collector: TaskCollector | undefined
}

/** What of its collector a task works with. */
export type TaskCollector = {
  readonly pluginId: string
  /** The version it was last described by. */
  readonly pluginVersion: string
  readonly upgradeMode: 'AUTO' | 'MANUAL'
  readonly options: JsonObject
  readonly priority: number
  readonly projectId: string
}
