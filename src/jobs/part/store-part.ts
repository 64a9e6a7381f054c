import type { Logger } from '../../access/index.ts'
import type { Clock } from '../../core/clock.ts'
import { createRedactor } from '../../core/create-redactor.ts'
import { toError } from '../../core/errors.ts'
import type { MessageBlock } from '../../core/message-block.ts'
import type { CoverageSettings, Epoch } from '../../coverage/index.ts'
import { settleRun } from '../../coverage/settle/index.ts'
import {
  type BatchCounts,
  beginReading,
  evaluationRevision,
  ingest,
  type LoadedRoster,
  packRoster,
  Roster,
} from '../../inventory/write/index.ts'
import type { CollectObserver } from '../../plugins/index.ts'
import type { HandedCall } from '../../plugins/stream/index.ts'
import { loadRules } from '../../rules/apply/index.ts'
import type { Database } from '../../storage/index.ts'
import type { TakenTask, TaskCollector } from '../task.ts'
import { listenForCalls } from './listen-for-calls.ts'
import { recordBatch } from './record-batch.ts'
import { type ReportedCalls, recordCalls } from './record-calls.ts'
import { recordEvidence } from './record-evidence.ts'
import { createScopeNotes, type ScopeFacts } from './scope-notes.ts'

/**
 * What is to be known of a task to store what its plugin sends. Plain values: it may be handed to another
 * thread.
 */
export type Part = {
  readonly task: TakenTask
  readonly collector: Pick<TaskCollector, 'pluginId' | 'priority'>
  readonly pluginVersion: string
  /** Project of resources that name none; '' for none. */
  readonly projectId: string
  readonly epoch: Epoch
  /** No other task of the job is still to read its part of the work. */
  readonly isLast: boolean
  /** The secret that the plugin is called with, to be cut out of what it says. */
  readonly secret: Readonly<Record<string, unknown>>
  readonly coverage: CoverageSettings
}

/** What the plugin sends. */
type PartSource = {
  readonly scopes: ScopeFacts
  /** Calls the plugin; the stream ends early with the signal. */
  open(observer: CollectObserver, signal: AbortSignal): AsyncIterable<readonly MessageBlock[]>
}

/** A source that another thread may read. */
type PluginSource = PartSource & {
  handOver(signal: AbortSignal): Promise<HandedCall>
}

export type PartWatch = {
  readonly signal: AbortSignal
  /** Is told of each batch when it is stored. */
  readonly onBatch: (counts: BatchSums) => void
}

/** What a batch counted, without its errors. */
export type BatchSums = Omit<BatchCounts, 'errors'>

/**
 * Reads what a plugin sends into the inventory, and judges what it did not send. Throws what ended it early.
 */
export type StorePart = (part: Part, source: PluginSource, watch: PartWatch) => Promise<void>

/** The same where the source is read, too; `roster` is what was loaded while the task was prepared. */
export type StoreHere = (
  part: Part,
  source: PartSource,
  watch: PartWatch,
  roster?: Promise<LoadedRoster>,
) => Promise<void>

/** Stores parts in this thread. */
export function createPartStore(deps: {
  readonly db: Database
  readonly log: Logger
  readonly now: Clock
}): StoreHere {
  const { db, now } = deps
  return async (part, source, { signal, onBatch }, loaded) => {
    const { task, collector, pluginVersion, projectId } = part
    const notes = createScopeNotes(source.scopes)
    const listener = listenForCalls()
    // The plugin begins while all this is loaded.
    const stream = beginReading(source.open({ ...notes.observer, ...listener.observer }, signal))
    const roster = Roster.load(db, task, loaded)
    roster.catch(() => {})
    const rules = await loadRules(db, task).catch(async (thrown: unknown) => {
      await stream.leave()
      throw thrown
    })
    const run = {
      domainId: task.domainId,
      collectorId: task.collectorId,
      contributorId: task.contributorId,
      taskSeq: task.seq,
      attempt: task.attempt,
      mode: task.collectMode,
      isFiltered: Object.keys(task.filter).length > 0,
      signal,
    }
    const stored = ingest(deps, {
      ...run,
      jobTaskId: task.jobTaskId,
      isLastPart: part.isLast,
      revision: evaluationRevision({ ...collector, pluginVersion, projectId, rules }),
      projectId,
      rules,
      roster,
      redact: createRedactor(part.secret),
      stream,
      async recordBatch(tx, counts) {
        await recordBatch(tx, task, counts)
        const { errors, ...sums } = counts
        tx.afterCommit(() => onBatch(sums))
      },
    })
    const known = await stored.finally(() => noteCalls(deps, task, listener.reported()))
    await settleRun(
      { db, settings: part.coverage },
      {
        ...run,
        jobId: task.jobId,
        epoch: part.epoch,
        declaration: notes.declaration(),
        at: now(),
        listClaims: (sql) => known.claims(sql),
        recordEvidence: (tx, counts) => recordEvidence(tx, task, counts),
      },
    )
    if (known.isWorn) await pack(deps, task)
  }
}

/**
 * What a failed attempt has called is told as well. That it cannot be written is no reason for a task to
 * fail.
 */
async function noteCalls(
  { db, log }: { readonly db: Database; readonly log: Logger },
  task: TakenTask,
  reported: ReportedCalls,
): Promise<void> {
  try {
    await recordCalls(db, task, reported)
  } catch (thrown) {
    log.warn({ jobTaskId: task.jobTaskId, err: toError(thrown) }, 'calls of an attempt not written')
  }
}

/**
 * All is stored and judged by now. A worn roster takes longer to read and is as true, and the next run tries
 * again.
 */
async function pack(
  { db, log }: { readonly db: Database; readonly log: Logger },
  task: TakenTask,
): Promise<void> {
  try {
    await packRoster(db, task)
  } catch (thrown) {
    log.warn({ jobTaskId: task.jobTaskId, err: toError(thrown) }, 'roster of a collector not packed')
  }
}
