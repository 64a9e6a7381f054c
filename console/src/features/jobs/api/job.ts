/** A failure as a job or a task keeps it. */
export type ReportedError = {
  readonly error_code: string
  readonly message: string
  readonly additional: Readonly<Record<string, unknown>>
}

/** One run of a collector. */
export type Job = {
  readonly job_id: string
  readonly status: string
  readonly filter: Readonly<Record<string, unknown>>
  readonly total_tasks: number
  readonly remained_tasks: number
  readonly errors: readonly ReportedError[]
  readonly collector_info: { readonly collector_id: string; readonly name: string; readonly provider: string }
  readonly created_at: string
  readonly finished_at: string
}

export type JobTask = {
  readonly job_task_id: string
  readonly secret_id: string
  readonly deleted_count: number
  readonly errors: readonly ReportedError[]
}

/** How far a job is. */
export type JobProgress = {
  readonly job_id: string
  readonly status: string
  readonly partial: boolean
  readonly finished: boolean
  readonly tasks: readonly TaskProgress[]
  readonly calls: readonly ApiCalls[]
  readonly predicted_seconds: number
}

export type TaskProgress = {
  readonly job_task_id: string
  readonly status: string
  readonly attempt: number
  readonly seen_count: number
  readonly created_count: number
  readonly updated_count: number
  readonly unchanged_count: number
  readonly failure_count: number
  readonly started_at: string
  readonly finished_at: string
  readonly warnings: readonly string[]
  readonly last_failure: string
  readonly next_attempt_at: string
}

export type ApiCalls = {
  readonly api: string
  readonly predicted: number
  readonly made: number
  readonly throttled: number
  readonly retried: number
  readonly wait_seconds: number
}
