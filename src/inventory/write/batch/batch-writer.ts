import type { Logger } from '../../../access/index.ts'
import type { Clock } from '../../../core/clock.ts'
import { inSpan } from '../../../core/trace.ts'
import { type Database, sqlState, violatedConstraint } from '../../../storage/index.ts'
import { uuidToMemo } from '../../decode/index.ts'
import { KINDS } from '../../kinds.ts'
import type { TaskError } from '../../task-error.ts'
import type { Run } from '../run/open-run.ts'
import { type CopyRows, createCopyRows } from '../store/copy-resources.ts'
import { failureOfRefusal } from '../stream/read-failure.ts'
import type { MessageReader, ReadBatch } from '../stream/read-messages.ts'
import type { BatchItem, Outcome } from './batch.ts'
import { keysOfNew } from './batches-at-once.ts'
import { createStatisticsRefresh } from './refresh-statistics.ts'
import { type BatchWrite, writeBatch } from './write-batch.ts'

type BatchWriter = {
  /** Starts writing what the reader has; waits only for batches that it cannot be written beside. */
  write(): Promise<void>
  /** Writes the rest and waits until all is stored. */
  finish(): Promise<void>
  /** Nothing is being written. */
  readonly isIdle: boolean
  /** A batch could not be written: the attempt is over. */
  readonly hasFailed: boolean
}

/** Errors of the data itself, which a retry cannot mend: bad values, limits of an index or of a document. */
const DATA_ERROR = /^(22|54|23502|23514)/
/** A natural key that stays taken however often the batch is tried. */
const UNIQUE_VIOLATION = '23505'

/**
 * Batches that are written at the same time. The database is idle while a batch commits or asks for
 * something, and uses that time for the other one; a third would wait for the processors like them, and needs
 * as much memory.
 */
const MAX_AT_ONCE = 2

/** See `keysOfNew`. */
type Keys = ReadonlySet<string> | undefined
/** A batch that is being written; `settled` never fails. */
type UnderWay = { readonly keys: Keys; readonly settled: Promise<unknown> }

/**
 * Writes batches one after the other, each while the next one is read, and keeps the run's memory in step.
 * Two that are made of nothing but different new resources are written at once.
 */
export function createBatchWriter(
  deps: { db: Database; log: Logger; now: Clock },
  write: Omit<BatchWrite, 'batchNumber' | 'expectsNew' | 'onConflict' | 'rows'>,
  run: Run,
  reader: MessageReader,
): BatchWriter {
  let batchNumber = 0
  let failure: { readonly thrown: unknown } | undefined
  let expectsNew = run.nextSlot === 0
  const underWay = new Set<UnderWay>()
  /** Of batches that are stored: see `CopyRows`. */
  const freeRows: CopyRows[] = []
  const refreshStatistics = createStatisticsRefresh(deps, write.jobTaskId)
  /** Goes on beside the next batches, which would wait half a second for it. */
  let refreshing: Promise<void> = Promise.resolve()

  async function store(batch: ReadBatch, rows: CopyRows): Promise<void> {
    await inSpan(batchSpan(write, batchNumber, batch), () => storeInSpan(batch, rows))
  }

  async function storeInSpan(batch: ReadBatch, rows: CopyRows): Promise<void> {
    const outcomes = await writeBatch(
      deps.db,
      deps.now,
      {
        ...write,
        rows,
        batchNumber: batchNumber++,
        expectsNew,
        onConflict: () => {
          expectsNew = false
        },
      },
      batch,
    )
    run.counted.addSlots(batch.slots)
    for (const [at, item] of batch.items.entries()) applyOutcome(run, item, outcomes[at])
    reader.forget(batch.items)
    const created = outcomes.filter(({ result }) => result === 'created').length
    refreshing = Promise.all([refreshing, refreshStatistics(created)]).then(() => {})
  }

  /** One resource that the database refuses must not take 999 others with it: halve until it stands alone. */
  async function storeOrSplit(batch: ReadBatch, rows: CopyRows): Promise<void> {
    try {
      await store(batch, rows)
    } catch (thrown) {
      const state = refusalOf(thrown)
      if (state === undefined || batch.items.length === 0) throw thrown
      deps.log.warn(
        { jobTaskId: write.jobTaskId, sqlState: state, items: batch.items.length },
        'batch refused; splitting it',
      )
      for (const part of splitBatch(batch, state)) await storeOrSplit(part, rows)
    }
  }

  async function storeAll(batch: ReadBatch): Promise<void> {
    const rows = freeRows.pop() ?? createCopyRows()
    await storeOrSplit(batch, rows)
    freeRows.push(rows)
    batch.memory.release()
  }

  function begin(batch: ReadBatch, keys: Keys): void {
    const entry: UnderWay = {
      keys,
      settled: storeAll(batch)
        .catch((thrown: unknown) => {
          failure ??= { thrown }
        })
        .finally(() => underWay.delete(entry)),
    }
    underWay.add(entry)
  }

  function mayBegin(keys: Keys): boolean {
    if (underWay.size === 0) return true
    if (underWay.size >= MAX_AT_ONCE || !expectsNew || keys === undefined) return false
    return [...underWay].every((other) => other.keys?.isDisjointFrom(keys))
  }

  /** Throws why a batch could not be stored, when no other one is being written any more. */
  async function waitUntil(isEnough: () => boolean): Promise<void> {
    while (underWay.size > 0 && (failure !== undefined || !isEnough())) {
      await Promise.race([...underWay].map(({ settled }) => settled))
    }
    if (failure !== undefined) throw failure.thrown
  }

  async function start(): Promise<void> {
    await waitUntil(() => true)
    if (reader.isEmpty) return
    const batch = reader.take()
    const keys = keysOfNew(batch, { ...write, expectsNew })
    await waitUntil(() => mayBegin(keys))
    begin(batch, keys)
  }

  return {
    write: start,
    async finish() {
      await start()
      await waitUntil(() => false)
      await refreshing
    },
    get isIdle() {
      return underWay.size === 0
    },
    get hasFailed() {
      return failure !== undefined
    },
  }
}

function batchSpan(
  { domainId, jobTaskId, attempt }: Pick<BatchWrite, 'domainId' | 'jobTaskId' | 'attempt'>,
  batchNumber: number,
  { messages, bytes, items }: ReadBatch,
) {
  const attributes = {
    'gleaner.domain_id': domainId,
    'gleaner.job_task_id': jobTaskId,
    'gleaner.attempt': attempt,
    'gleaner.batch': batchNumber,
    'gleaner.messages': messages,
    'gleaner.bytes': bytes,
    'gleaner.items': items.length,
  }
  return { name: 'batch', attributes }
}

/** The SQLSTATE of an error that some resource of the batch must be to blame for. */
function refusalOf(thrown: unknown): string | undefined {
  const state = sqlState(thrown) ?? ''
  if (DATA_ERROR.test(state)) return state
  const constraint = violatedConstraint(thrown) ?? ''
  const isNaturalKey = state === UNIQUE_VIOLATION && KINDS.some(({ table }) => constraint.startsWith(table))
  return isNaturalKey ? state : undefined
}

function applyOutcome(run: Run, item: BatchItem, outcome: Outcome | undefined): void {
  if (outcome === undefined || outcome.result === 'refused' || outcome.slot === undefined) return
  run.seen.note(outcome.slot, item.message)
  run.counted.add(outcome.slot)
  run.roster.noteKind(outcome.slot, item.resource.kind.code)
  if (outcome.result === 'skipped') return
  run.contents.set(item.resource.contentHash, outcome.slot)
  if (!outcome.isMemoStored) return
  run.memos.set(uuidToMemo(item.memo), outcome.slot)
  run.loose.set(item.looseMemo, outcome.slot)
}

/**
 * Two halves; the sightings and counts go with the first, and with the second what to ask for next time,
 * which must not be remembered before all that it counts for is stored. A single item that is refused becomes
 * an error. Pure.
 */
function splitBatch(batch: ReadBatch, state: string): readonly ReadBatch[] {
  const middle = Math.ceil(batch.items.length / 2)
  const rest = { slots: new Int32Array(), messages: 0, bytes: 0, errors: [], failures: [] }
  const [only] = batch.items
  if (batch.items.length === 1 && only !== undefined) {
    const error = refusedByDatabase(only, state)
    const failure = failureOfRefusal(only.resource, error)
    const failures = failure === undefined ? batch.failures : [...batch.failures, failure]
    return [{ ...batch, items: [], errors: [...batch.errors, error], failures }]
  }
  return [
    { ...batch, items: batch.items.slice(0, middle), filterCache: undefined },
    { ...batch, ...rest, items: batch.items.slice(middle) },
  ]
}

function refusedByDatabase({ resource }: BatchItem, state: string): TaskError {
  const { kind, columns } = resource
  return {
    error_code: 'ERROR_RESOURCE_REFUSED',
    message:
      `${kind.name} '${String(columns.resource_id || columns.name)}' cannot be stored: the database refuses its values ` +
      `(SQLSTATE ${state}). The rest of the run is not affected; the plugin must send a value that fits`,
  }
}
