import type { JsonObject } from '@bufbuild/protobuf'

/** Where a job stands. The last four are final. */
export const JOB_STATUSES = ['CREATED', 'IN_PROGRESS', 'SUCCESS', 'ERROR', 'CANCELED', 'TIMEOUT'] as const
export type JobStatus = (typeof JOB_STATUSES)[number]

/** ALL adds and changes, CREATE only adds, UPDATE only changes. */
export const COLLECT_MODES = ['ALL', 'CREATE', 'UPDATE'] as const
export type CollectMode = (typeof COLLECT_MODES)[number]

/** A job to be stored, decided but not yet given ids. */
export type JobPlan = {
  readonly domainId: string
  readonly collectorId: string
  /**
   * The collector as it is now, in the field names of `CollectorInfo`; the job keeps it when the collector
   * changes or goes.
   */
  readonly collectorInfo: JsonObject
  readonly filter: JsonObject
  /** Its tasks also get the filter that the plugin asked for at most a day ago. Default false. */
  readonly usesCache?: boolean
  readonly collectMode: CollectMode
  readonly projectId: string
  readonly plannedAt: Date
  /** The span that its tasks are parts of, as a `traceparent`. Default: the one around the start. */
  readonly traceParent?: string | undefined
  readonly tasks: readonly TaskPlan[]
}

/**
 * A task to be stored: the work with one secret, or all of it when the plugin needs none (every field '').
 */
export type TaskPlan = {
  readonly secretId: string
  readonly provider: string
  readonly serviceAccountId: string
  readonly projectId: string
}
