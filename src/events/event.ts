/** What can happen, as it is told: the noun, and what became of it. */
export const EVENT_TYPES = [
  'job.created',
  'job.progressed',
  'job.ended',
  'job_task.started',
  'job_task.progressed',
  'job_task.released',
  'job_task.ended',
  'cloud_service.created',
  'cloud_service.updated',
  'cloud_service.deleted',
  'cloud_service_type.created',
  'cloud_service_type.updated',
  'cloud_service_type.deleted',
  'region.created',
  'region.updated',
  'region.deleted',
  'hold.opened',
  'hold.released',
  'hold.lapsed',
  'coverage.lost',
  'coverage.regained',
  'coverage.gap_closed',
] as const

export type EventType = (typeof EVENT_TYPES)[number]

/** The types that are about resources. Jobs and tasks tell their moves in SQL. */
export type ResourceEventType = Extract<
  EventType,
  `${'cloud_service' | 'cloud_service_type' | 'region'}.${string}`
>

/** Where a job or a job task may stand. */
export const EVENT_STATUSES = [
  'CREATED',
  'PENDING',
  'IN_PROGRESS',
  'SUCCESS',
  'FAILURE',
  'ERROR',
  'CANCELED',
  'TIMEOUT',
] as const

/** One event. It names things by id; whoever wants to know more reads them. */
export type Event = {
  /** Place in the order of the domain, to resume from. */
  readonly cursor: string
  readonly type: EventType
  readonly createdAt: Date
  readonly collectorId: string
  readonly jobId: string
  readonly jobTaskId: string
  /** Where the job or the task stands; '' for everything else. */
  readonly status: string
  readonly counts: Readonly<Record<string, number>>
  /**
   * `provider/group/type` of the resource, or as much of it as a hold or an acceptance is about; '' for
   * everything else.
   */
  readonly kind: string
  /** Of a hold or an acceptance its id. */
  readonly resourceId: string
}
