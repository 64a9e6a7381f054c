/**
 * What the commands read of the API's answers. Reading is lenient: a field that is missing (because only some
 * were asked for, or because the server is older) is empty, and never a crash in the middle of a table.
 */
type Read = { readonly [key: string]: unknown }

export type Collector = {
  readonly id: string
  readonly name: string
  readonly state: string
  readonly provider: string
  readonly pluginId: string
  readonly pluginVersion: string
  readonly priority: number
  readonly createdAt: string
  readonly lastCollectedAt: string
}

export function toCollector(from: Read): Collector {
  const plugin = objectOf(from, 'plugin_info')
  return {
    id: textOf(from, 'collector_id'),
    name: textOf(from, 'name'),
    state: textOf(from, 'state'),
    provider: textOf(from, 'provider'),
    pluginId: textOf(plugin, 'plugin_id'),
    pluginVersion: textOf(plugin, 'version'),
    priority: numberOf(from, 'priority'),
    createdAt: textOf(from, 'created_at'),
    lastCollectedAt: textOf(from, 'last_collected_at'),
  }
}

export type ReportedError = {
  readonly code: string
  readonly message: string
  /** What it concerned, in the names of the API. */
  readonly about: readonly (readonly [name: string, value: string])[]
  /** The last that the plugin logged before it. */
  readonly log: readonly string[]
}

export type Job = {
  readonly id: string
  readonly status: string
  readonly collector: Collector
  readonly totalTasks: number
  readonly remainedTasks: number
  readonly errors: readonly ReportedError[]
  readonly createdAt: string
  readonly finishedAt: string
}

export function toJob(from: Read): Job {
  return {
    id: textOf(from, 'job_id'),
    status: textOf(from, 'status'),
    collector: toCollector(objectOf(from, 'collector_info')),
    totalTasks: numberOf(from, 'total_tasks'),
    remainedTasks: numberOf(from, 'remained_tasks'),
    errors: listOf(from, 'errors').map(toReportedError),
    createdAt: textOf(from, 'created_at'),
    finishedAt: textOf(from, 'finished_at'),
  }
}

export type Task = {
  readonly id: string
  readonly secretId: string
  /** Resources that it deleted. */
  readonly deleted: number
  readonly errors: readonly ReportedError[]
}

export function toTask(from: Read): Task {
  return {
    id: textOf(from, 'job_task_id'),
    secretId: textOf(from, 'secret_id'),
    deleted: numberOf(from, 'deleted_count'),
    errors: listOf(from, 'errors').map(toReportedError),
  }
}

export type TaskProgress = {
  readonly taskId: string
  readonly status: string
  readonly attempt: number
  readonly seen: number
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly failed: number
  readonly startedAt: string
  readonly finishedAt: string
  readonly warnings: readonly string[]
}

export type ApiCalls = {
  readonly api: string
  readonly predicted: number
  readonly made: number
  readonly throttled: number
  readonly retried: number
  readonly waitSeconds: number
  readonly predictedSeconds: number
  readonly busySeconds: number
}

export type JobProgress = {
  readonly jobId: string
  readonly status: string
  readonly isPartial: boolean
  readonly isFinished: boolean
  readonly tasks: readonly TaskProgress[]
  readonly calls: readonly ApiCalls[]
  readonly predictedSeconds: number
}

export function toJobProgress(from: Read): JobProgress {
  return {
    jobId: textOf(from, 'job_id'),
    status: textOf(from, 'status'),
    isPartial: from.partial === true,
    isFinished: from.finished === true,
    predictedSeconds: numberOf(from, 'predicted_seconds'),
    calls: listOf(from, 'calls').map((calls) => ({
      api: textOf(calls, 'api'),
      predicted: numberOf(calls, 'predicted'),
      made: numberOf(calls, 'made'),
      throttled: numberOf(calls, 'throttled'),
      retried: numberOf(calls, 'retried'),
      waitSeconds: numberOf(calls, 'wait_seconds'),
      predictedSeconds: numberOf(calls, 'predicted_seconds'),
      busySeconds: numberOf(calls, 'busy_seconds'),
    })),
    tasks: listOf(from, 'tasks').map((task) => ({
      taskId: textOf(task, 'job_task_id'),
      status: textOf(task, 'status'),
      attempt: numberOf(task, 'attempt'),
      seen: numberOf(task, 'seen_count'),
      created: numberOf(task, 'created_count'),
      updated: numberOf(task, 'updated_count'),
      unchanged: numberOf(task, 'unchanged_count'),
      failed: numberOf(task, 'failure_count'),
      startedAt: textOf(task, 'started_at'),
      finishedAt: textOf(task, 'finished_at'),
      warnings: textsOf(task, 'warnings'),
    })),
  }
}

/** A kind of resource, in the API's order of its three names. */
export type Kind = { readonly provider: string; readonly group: string; readonly type: string }

function toReportedError(from: Read): ReportedError {
  const additional = objectOf(from, 'additional')
  const { plugin_log: _, ...about } = additional
  return {
    code: textOf(from, 'error_code'),
    message: textOf(from, 'message'),
    about: Object.entries(about).map(([name, value]) => [name, inWords(value)]),
    log: textsOf(additional, 'plugin_log'),
  }
}

/** A text field; empty when it is something else. */
export function textOf(from: Read, key: string): string {
  const value = from[key]
  return typeof value === 'string' ? value : ''
}

/** A number field; 0 when it is something else. 64-bit numbers come as text. */
export function numberOf(from: Read, key: string): number {
  const value = Number(from[key] ?? 0)
  return Number.isFinite(value) ? value : 0
}

/** The objects of a list field. */
export function listOf(from: Read, key: string): readonly Read[] {
  const value = from[key]
  return Array.isArray(value) ? value.filter(isRead) : []
}

export function objectOf(from: Read, key: string): Read {
  const value = from[key]
  return isRead(value) ? value : {}
}

/** Any value as one short text: texts as they are, the rest as JSON. */
export function inWords(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

/** The texts of a list field. */
export function textsOf(from: Read, key: string): string[] {
  const value = from[key]
  return Array.isArray(value) ? value.filter((element) => typeof element === 'string') : []
}

function isRead(value: unknown): value is Read {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
