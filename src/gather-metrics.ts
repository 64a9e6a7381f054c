import type { Logger } from './access/index.ts'
import { toError } from './core/errors.ts'
import { addDomainMetrics } from './domain-metrics.ts'
import type { Housekeeper } from './housekeeping/index.ts'
import { readQueue, type TaskTotals, type Worker } from './jobs/index.ts'
import type { PluginHostCounters } from './plugins/index.ts'
import { readSchedulerLag } from './schedules/index.ts'
import type { Admission } from './server/index.ts'
import type { WholeDatabase } from './storage/index.ts'
import { createMetrics, type Metrics } from './telemetry/index.ts'

type MetricSources = {
  readonly db: WholeDatabase
  readonly log: Logger
  readonly plugins: { counters(): PluginHostCounters }
  readonly worker: Worker | undefined
  readonly housekeeper: Housekeeper | undefined
  /** Absent where this process serves no API. */
  readonly admission?: Admission | undefined
}

/**
 * What this process and the work that waits look like, for `/metrics`. docs/guide/operations.md explains
 * each.
 */
export function gatherMetrics(sources: MetricSources): Metrics {
  const { db, log, plugins, worker, housekeeper, admission } = sources
  const metrics = createMetrics((name, thrown) =>
    log.warn({ metric: name, err: toError(thrown).message }, 'a metric could not be read'),
  )
  addQueueMetrics(metrics, db)
  addDomainMetrics(metrics, db)
  addPoolMetrics(metrics, db)
  if (admission !== undefined) addLoadMetrics(metrics, admission)
  addPluginMetrics(metrics, () => plugins.counters())
  if (worker !== undefined) addWorkerMetrics(metrics, worker)
  if (housekeeper !== undefined)
    metrics.counter(
      {
        name: 'removed_total',
        help: 'Rows that this process has removed because of their age.',
        label: 'what',
      },
      () => ({ ...housekeeper.removed() }),
    )
  return metrics
}

/** Of all domains and processes: every process tells the same. One query serves those of one scrape. */
function addQueueMetrics(metrics: Metrics, db: WholeDatabase): void {
  const queue = shareForAMoment(() => readQueue(db))
  metrics.gauge(
    { name: 'tasks', help: 'Open job tasks, of all domains.', label: 'status' },
    async () => (await queue()).open,
  )
  metrics.gauge(
    { name: 'queue_age_seconds', help: 'How long the job task that waits longest has been due.' },
    async () => (await queue()).ageMs / 1_000,
  )
  metrics.gauge(
    {
      name: 'lease_expired_seconds',
      help: 'How long ago the oldest lease ran out that nobody has taken back.',
    },
    async () => (await queue()).expiredMs / 1_000,
  )
  metrics.gauge(
    { name: 'scheduler_lag_seconds', help: 'How long the schedule that waits longest has been due.' },
    async () => (await readSchedulerLag(db)) / 1_000,
  )
}

function addPoolMetrics(metrics: Metrics, db: WholeDatabase): void {
  metrics.gauge(
    {
      name: 'database_connections',
      help: 'Connections to the database, and who waits for one.',
      label: 'state',
    },
    () => {
      const { inUse, idle, waiting } = db.poolUse()
      return { in_use: inUse, idle, waiting }
    },
  )
  metrics.counter(
    { name: 'database_waits_total', help: 'How often somebody had to wait for a connection.' },
    () => db.poolUse().waits,
  )
  metrics.counter(
    { name: 'database_wait_seconds_total', help: 'How long that was, all in all.' },
    () => db.poolUse().waitedMs / 1_000,
  )
}

function addLoadMetrics(metrics: Metrics, admission: Admission): void {
  metrics.gauge(
    {
      name: 'requests_running',
      help: 'Requests of this process that are under way, and streams that are open.',
      label: 'what',
    },
    () => ({ ...admission.running() }),
  )
  metrics.counter(
    {
      name: 'requests_shed_total',
      help: 'Requests that were refused because there were too many: of their domain in a second, of their domain at once, or of all at once.',
      label: 'reason',
    },
    () => ({ ...admission.shed() }),
  )
}

function addPluginMetrics(metrics: Metrics, counters: () => PluginHostCounters): void {
  metrics.gauge(
    { name: 'plugins', help: 'Plugin processes that run, and connections to them.', label: 'what' },
    () => {
      const { running, connections } = counters()
      return { processes: running, connections }
    },
  )
  metrics.counter(
    {
      name: 'plugin_starts_total',
      help: 'Plugin processes: starts, how many of them were restarts or failed, and deaths unasked.',
      label: 'outcome',
    },
    () => {
      const { starts, restarts, failedStarts, deaths } = counters()
      return { tried: starts, restarted: restarts, failed: failedStarts, died: deaths }
    },
  )
}

function addWorkerMetrics(metrics: Metrics, worker: Worker): void {
  const totals = (): TaskTotals => worker.progress().totals
  metrics.gauge(
    { name: 'tasks_running', help: 'Job tasks that run in this process.' },
    () => worker.progress().runningTasks,
  )
  metrics.counter(
    {
      name: 'resources_total',
      help: 'Resources that this process has read and stored, by what became of them.',
      label: 'result',
    },
    () => totals().resources,
  )
  metrics.counter(
    { name: 'ingest_bytes_total', help: 'Bytes of the messages of plugins.' },
    () => totals().bytes,
  )
  metrics.counter(
    { name: 'batches_total', help: 'Batches that this process has stored.' },
    () => totals().batches,
  )
  metrics.counter(
    {
      name: 'tasks_ended_total',
      help: 'Job tasks that ended with an attempt of this process, not by a call or because they were given up.',
      label: 'status',
    },
    () => ({ ...totals().ended }),
  )
  metrics.counter(
    {
      name: 'jobs_ended_total',
      help: 'Jobs whose last task ended with an attempt of this process, not by a call or because it was given up.',
      label: 'status',
    },
    () => ({ ...totals().jobsEnded }),
  )
  metrics.counter(
    { name: 'tasks_released_total', help: 'Attempts that were given back for another one.' },
    () => totals().released,
  )
  metrics.counter(
    { name: 'leases_lost_total', help: 'Attempts of this process whose task had moved on.' },
    () => totals().leasesLost,
  )
}

/** How long an answer serves, milliseconds. */
const MOMENT_MS = 200

function shareForAMoment<T>(read: () => Promise<T>): () => Promise<T> {
  let shared: { readonly value: Promise<T>; readonly at: number } | undefined
  return () => {
    if (shared === undefined || performance.now() - shared.at > MOMENT_MS)
      shared = { value: read(), at: performance.now() }
    return shared.value
  }
}
