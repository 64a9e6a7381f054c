import type { Logger } from '../access/index.ts'
import type { Clock } from '../core/clock.ts'
import { SecretData } from '../core/secret-data.ts'
import { evaluationRevision, ingest } from '../inventory/index.ts'
import type { PluginHost } from '../plugins/index.ts'
import type { Database } from '../storage/index.ts'
import { type Attempt, concludeAttempt } from './conclude-attempt.ts'
import { keepLease, type LeaseTimes } from './keep-lease.ts'
import { preparePlugin } from './prepare-plugin.ts'
import type { TaskQueue } from './queue.ts'
import { recordBatch } from './record-batch.ts'
import type { TakenTask, TaskCollector } from './task.ts'

export type RunDeps = {
  readonly db: Database
  readonly queue: TaskQueue
  readonly plugins: PluginHost
  readonly log: Logger
  readonly now: Clock
}

export type RunLimits = LeaseTimes & {
  /** Longest time one attempt may take, milliseconds. */
  readonly taskTimeoutMs: number
}

/**
 * Runs one attempt of a task to whatever end it comes to, and writes that end. Never throws: what cannot be written
 * now is found by the reaper when the lease has run out. `stop` ends it early and gives the task back.
 */
export async function runTask(
  deps: RunDeps,
  task: TakenTask,
  limits: RunLimits,
  stop: AbortSignal,
): Promise<void> {
  const lost = new AbortController()
  const overtime = AbortSignal.timeout(limits.taskTimeoutMs)
  const lease = keepLease(deps, task, limits, (reason) => lost.abort(reason))
  const attempt: Attempt = { task, limits, stop, lost: lost.signal, overtime }
  try {
    const failure = await collectOnce(deps, task, AbortSignal.any([stop, lost.signal, overtime]))
    await concludeAttempt(deps, attempt, failure)
  } finally {
    lease.stop()
  }
}

/** Reads the plugin's stream into the inventory; returns what went wrong, if anything did. */
async function collectOnce(deps: RunDeps, task: TakenTask, signal: AbortSignal): Promise<unknown> {
  if (task.collector === undefined) return undefined
  try {
    await readStream(deps, task, task.collector, signal)
    return undefined
  } catch (thrown) {
    return thrown ?? new Error('the stream failed without saying why')
  }
}

async function readStream(
  { db, log, now, plugins }: RunDeps,
  task: TakenTask,
  collector: TaskCollector,
  signal: AbortSignal,
): Promise<void> {
  const { pluginId, options, priority } = collector
  const plugin = await preparePlugin({ db, plugins }, task, collector, signal)
  try {
    const projectId = task.projectId || collector.projectId
    const { filter, taskOptions } = task
    const call = { options, filter, taskOptions, secretData: new SecretData({}) }
    await ingest(
      { db, log, now },
      {
        domainId: task.domainId,
        collectorId: task.collectorId,
        contributorId: task.contributorId,
        taskSeq: task.seq,
        jobTaskId: task.jobTaskId,
        attempt: task.attempt,
        mode: task.collectMode,
        isFiltered: Object.keys(filter).length > 0,
        revision: evaluationRevision({ pluginId, pluginVersion: plugin.version, priority, projectId }),
        projectId,
        stream: plugin.collect(call, signal),
        signal,
        recordBatch: (tx, counts) => recordBatch(tx, task, counts),
      },
    )
  } finally {
    plugin.release()
  }
}
