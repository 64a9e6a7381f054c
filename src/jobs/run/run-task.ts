import type { Logger } from '../../access/index.ts'
import type { Clock } from '../../core/clock.ts'
import { inSpan, type OpenSpan, type TraceHeaders } from '../../core/trace.ts'
import { type CoverageSettings, epochOf, epochToText, readKnownCells } from '../../coverage/index.ts'
import { type CollectCall, PluginError, type PluginHost } from '../../plugins/index.ts'
import { type Keyring, type OpenedSecret, openSecret } from '../../secrets/index.ts'
import type { Database, Room } from '../../storage/index.ts'
import { keepLease, type LeaseTimes } from '../lease/keep-lease.ts'
import { type ExpectPart, readScopeFacts, type StorePart } from '../part/index.ts'
import type { TaskQueue } from '../queue/queue.ts'
import { readMeasuredApis } from '../read/read-measured-apis.ts'
import type { TakenTask, TaskCollector } from '../task.ts'
import { type Attempt, type AttemptResult, concludeAttempt } from './conclude-attempt.ts'
import { noteEpoch } from './note-epoch.ts'
import { preparePlugin } from './prepare-plugin.ts'
import { prepareTask } from './prepare-task.ts'
import type { AttemptLimits } from './retry.ts'
import { MAX_LOGGED_LINES } from './task-log.ts'
import type { TaskMeter } from './task-meter.ts'

export type RunDeps = {
  readonly db: Database
  readonly queue: TaskQueue
  readonly plugins: PluginHost
  readonly meter: TaskMeter
  readonly keyring: Keyring
  /** Where what plugins send is stored: in this thread, or in another one. */
  readonly storePart: StorePart
  /** Default: nothing is loaded before the part is there. */
  readonly expectPart?: ExpectPart
  /** Whether the database can store. Default: it always can. */
  readonly room?: Room
  readonly log: Logger
  readonly now: Clock
}

export type RunLimits = LeaseTimes & {
  /** Longest time one attempt may take, milliseconds. */
  readonly taskTimeoutMs: number
  readonly coverage: CoverageSettings
  readonly attempts: AttemptLimits
}

/** What may end an attempt from outside. */
type RunSignals = {
  /** The worker stops, or cannot go on with it now, for the reason of the signal: the task is given back. */
  readonly stop: AbortSignal
  /** The task was canceled: it has moved on already, and the attempt just leaves. */
  readonly canceled: AbortSignal
}

/**
 * Runs one attempt of a task to whatever end it comes to, and writes that end. Never throws: what cannot be
 * written now is found by the reaper when the lease has run out.
 */
export async function runTask(
  deps: RunDeps,
  task: TakenTask,
  limits: RunLimits,
  { stop, canceled }: RunSignals,
): Promise<void> {
  const lost = new AbortController()
  canceled.addEventListener('abort', () => lost.abort(canceled.reason), { once: true })
  const overtime = AbortSignal.timeout(limits.taskTimeoutMs)
  const lease = keepLease(deps, task, limits, (reason) => lost.abort(reason))
  const attempt: Attempt = { task, limits, stop, lost: lost.signal, overtime }
  try {
    await inSpan(attemptSpan(task), async (span) => {
      const result = await collectOnce(deps, task, limits, AbortSignal.any([stop, lost.signal, overtime]))
      noteResult(span, result)
      if (result.kind === 'failed' && !(result.failure instanceof PluginError))
        deps.room?.note(result.failure)
      await concludeAttempt(deps, attempt, result)
    })
  } finally {
    lease.stop()
  }
}

/** An attempt goes on with the trace of the request for its job, whichever process it runs in. */
function attemptSpan(task: TakenTask) {
  const from: TraceHeaders = task.traceParent === null ? {} : { traceparent: task.traceParent }
  const attributes = {
    'gleaner.domain_id': task.domainId,
    'gleaner.job_id': task.jobId,
    'gleaner.job_task_id': task.jobTaskId,
    'gleaner.attempt': task.attempt,
    'gleaner.collector_id': task.collectorId,
    'gleaner.secret_id': task.secretId,
  }
  return { name: 'job task attempt', kind: 'consumer', attributes, from } as const
}

function noteResult(span: OpenSpan, result: AttemptResult): void {
  span.note({ 'gleaner.result': result.kind })
  if (result.kind === 'failed') span.fail(result.failure)
}

/** Reads the plugin's stream into the inventory; says how far that went. */
async function collectOnce(
  deps: RunDeps,
  task: TakenTask,
  limits: RunLimits,
  signal: AbortSignal,
): Promise<AttemptResult> {
  if (task.collector === undefined) return { kind: 'nothing' }
  try {
    return await readPart(deps, { task, collector: task.collector, settings: limits.coverage }, signal)
  } catch (thrown) {
    return { kind: 'failed', failure: thrown, logged: [] }
  }
}

async function readPart(
  deps: RunDeps,
  {
    task,
    collector,
    settings,
  }: { readonly task: TakenTask; readonly collector: TaskCollector; readonly settings: CoverageSettings },
  signal: AbortSignal,
): Promise<AttemptResult> {
  const { db, log, now, plugins } = deps
  const { pluginId, options, priority } = collector
  using _expected = deps.expectPart?.(task)
  // What is known by now does not depend on the plugin, which is asked meanwhile.
  const coming = readHistory(db, task)
  coming.catch(() => {})
  const plugin = await preparePlugin({ db, log, now, plugins }, task, collector, signal)
  try {
    const { filter } = task
    const describing = readScopeFacts(plugin, signal)
    describing.catch(() => {})
    const { secretData, dataVersion } = await openTaskSecret(deps, task)
    const call = { options, filter, secretData }
    const epoch = epochOf({
      pluginId,
      pluginVersion: plugin.version,
      options,
      dataVersion: String(dataVersion),
    })
    const preparing = { task, call, epoch: epochToText(epoch) }
    const part = await prepareTask({ db, now }, plugin, preparing, signal)
    if (part === undefined) return { kind: 'nothing' }
    const [scopes, history] = await Promise.all([
      describing,
      coming,
      task.isPrepared ? noteEpoch(db, task, preparing.epoch) : undefined,
    ])
    const collect = { ...call, taskOptions: part.taskOptions, ...history }
    await deps.storePart(
      {
        task,
        collector: { pluginId, priority },
        pluginVersion: plugin.version,
        projectId: task.projectId || collector.projectId,
        epoch,
        isLast: part.isLast,
        secret: secretData.reveal(),
        coverage: settings,
      },
      {
        scopes,
        open: (observer, streamSignal) => plugin.collectBlocks({ ...collect, observer }, streamSignal),
        handOver: (streamSignal) => plugin.handOver(collect, streamSignal),
      },
      { signal, onBatch: (sums) => deps.meter.batch(sums) },
    )
    return { kind: 'read' }
  } catch (failure) {
    return { kind: 'failed', failure, logged: plugin.lastLogLines(MAX_LOGGED_LINES) }
  } finally {
    plugin.release()
  }
}

/** What the last runs have found, for the plugin to predict by. */
async function readHistory(db: Database, task: TakenTask): Promise<Pick<CollectCall, 'known' | 'measured'>> {
  const [known, measured] = await Promise.all([readKnownCells(db, task), readMeasuredApis(db, task)])
  return { known, measured }
}

/** The last thing before the plugin is called: what never comes to that leaves the secret closed. */
async function openTaskSecret(deps: RunDeps, task: TakenTask): Promise<OpenedSecret> {
  const { domainId, secretId, collectorId, jobTaskId, attempt } = task
  const opening = { kind: 'task' as const, collectorId, jobTaskId, attempt }
  return await openSecret(deps, { domainId, secretId, opening })
}
