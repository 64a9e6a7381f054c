import type { Clock } from '../../../core/clock.ts'
import { type ResourceChange, recordResourceEvents } from '../../../events/index.ts'
import type { Database, Transaction } from '../../../storage/index.ts'
import { encodeSlots, type SlotSet } from '../../decode/index.ts'
import { CLOUD_SERVICE, CLOUD_SERVICE_TYPE, KINDS } from '../../kinds.ts'
import type { Roster } from '../../roster/index.ts'
import type { TaskError } from '../../task-error.ts'
import { retryConflicts } from '../retry-conflicts.ts'
import { failureOfRefusal } from '../stream/read-failure.ts'
import type { ReadBatch } from '../stream/read-messages.ts'
import type { BatchItem, KindWrite, Outcome } from './batch.ts'
import { withPendingWrites } from './pending-writes.ts'
import { storeFailures } from './store-failures.ts'
import { storeFilterCache } from './store-filter-cache.ts'
import { writeKind } from './write-kind.ts'

/** What a batch adds to its task. */
export type BatchCounts = {
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly failed: number
  readonly types: number
  readonly regions: number
  readonly messages: number
  readonly bytes: number
  readonly errors: readonly TaskError[]
}

export type BatchWrite = Omit<KindWrite, 'now' | 'isRetry' | 'pending'> & {
  readonly jobTaskId: string
  readonly attempt: number
  readonly batchNumber: number
  /** Slots that the task has counted in a batch that is stored. */
  readonly counted: SlotSet
  /** Knows the kind of each slot. */
  readonly roster: Roster
  readonly signal: AbortSignal
  /** Is told when another try was needed. */
  readonly onConflict: () => void
  /** Adds the counts to the task under the fencing token; throws when the attempt has moved on. */
  readonly recordBatch: (tx: Transaction, counts: BatchCounts) => Promise<void>
}

/**
 * Writes one batch in one transaction: resources, contributions, history, sightings and counters together,
 * under the fencing token. Returns what became of each item, in their order.
 */
export async function writeBatch(
  db: Database,
  now: Clock,
  write: BatchWrite,
  batch: ReadBatch,
): Promise<readonly Outcome[]> {
  return retryConflicts(
    db,
    (tx, tries) => {
      if (tries > 1) write.onConflict()
      return withPendingWrites((pending) =>
        writeOnce(tx, { ...write, now: now(), isRetry: tries > 1, pending }, batch),
      )
    },
    {
      signal: write.signal,
    },
  )
}

async function writeOnce(
  tx: Transaction,
  write: BatchWrite & Pick<KindWrite, 'now' | 'isRetry' | 'pending'>,
  batch: ReadBatch,
): Promise<readonly Outcome[]> {
  const outcomes = new Map<BatchItem, Outcome>()
  for (const kind of KINDS) {
    const items = batch.items.filter(({ resource }) => resource.kind === kind)
    if (items.length === 0) continue
    const written = await writeKind(tx, write, kind, items)
    for (const [at, item] of items.entries()) setOutcome(outcomes, item, written[at])
  }
  const refused = await storeFailures(tx, write, [...batch.failures, ...refusalsOf(outcomes)])
  if (batch.filterCache !== undefined) await storeFilterCache(tx, write, batch.filterCache)
  const { pending } = write
  pending.add(insertSighting(tx, write, joinSlots(batch.slots, [...slotsOf(outcomes), ...refused])))
  pending.add(recordResourceEvents(tx, { ...write, changes: changesOf(outcomes) }))
  pending.add(write.recordBatch(tx, countBatch(batch, outcomes, write)))
  return batch.items.map((item) => outcomes.get(item) ?? { result: 'skipped', slot: undefined })
}

function setOutcome(outcomes: Map<BatchItem, Outcome>, item: BatchItem, outcome: Outcome | undefined): void {
  if (outcome !== undefined) outcomes.set(item, outcome)
}

function changesOf(outcomes: ReadonlyMap<BatchItem, Outcome>): readonly ResourceChange[] {
  return [...outcomes].flatMap(([{ resource }, outcome]) =>
    (outcome.result === 'created' || outcome.result === 'updated') && outcome.target !== undefined
      ? [{ ...outcome.target, type: `${resource.kind.name}.${outcome.result}` as const }]
      : [],
  )
}

function slotsOf(outcomes: ReadonlyMap<BatchItem, Outcome>): readonly number[] {
  return [...outcomes.values()].flatMap((outcome) =>
    outcome.result === 'refused' || outcome.slot === undefined ? [] : [outcome.slot],
  )
}

function refusalsOf(outcomes: ReadonlyMap<BatchItem, Outcome>) {
  return [...outcomes].flatMap(([{ resource }, outcome]) =>
    outcome.result === 'refused' ? (failureOfRefusal(resource, outcome.error) ?? []) : [],
  )
}

/** Mostly all that a batch has seen is known by its memos. */
function joinSlots(seen: Int32Array, others: readonly number[]): Int32Array {
  if (others.length === 0) return seen
  const slots = new Int32Array(seen.length + others.length)
  slots.set(seen)
  slots.set(others, seen.length)
  return slots
}

async function insertSighting(tx: Transaction, write: BatchWrite, slots: Int32Array): Promise<void> {
  if (slots.length === 0) return
  await tx.query(
    'insert into sighting (domain_id, contributor_id, task_seq, attempt, batch, slots) values ($1, $2, $3, $4, $5, $6)',
    [
      write.domainId,
      write.contributorId,
      write.taskSeq,
      write.attempt,
      write.batchNumber,
      encodeSlots(slots),
    ],
    { name: 'insert_sighting' },
  )
}

/**
 * Counts each resource at its first sighting in the task, cloud services apart from types and regions. A slot
 * that was seen by its memo and changed by another message of the same batch counts as changed. Pure.
 */
function countBatch(
  batch: ReadBatch,
  outcomes: ReadonlyMap<BatchItem, Outcome>,
  { counted, roster }: Pick<BatchWrite, 'counted' | 'roster'>,
): BatchCounts {
  const refused = [...outcomes.values()].flatMap((outcome) =>
    outcome.result === 'refused' ? [outcome.error] : [],
  )
  const errors = [...batch.errors, ...refused]
  const { messages, bytes } = batch
  const counts = { created: 0, updated: 0, unchanged: 0, types: 0, regions: 0 }
  const changed = new Set<number>()
  for (const [item, outcome] of outcomes) {
    if (outcome.result === 'refused' || outcome.slot === undefined || counted.has(outcome.slot)) continue
    changed.add(outcome.slot)
    counts[countOf(item.resource.kind.code, outcome.result)]++
  }
  const { slots } = batch
  // By place: an iterator makes an object for each of them.
  for (let at = 0; at < slots.length; at++) {
    const slot = slots[at] ?? 0
    if (!counted.has(slot) && !changed.has(slot)) counts[countOf(roster.kindOf(slot), 'unchanged')]++
  }
  return { ...counts, failed: errors.length, messages, bytes, errors }
}

function countOf(
  kindCode: number,
  result: 'created' | 'updated' | 'unchanged' | 'skipped',
): 'created' | 'updated' | 'unchanged' | 'types' | 'regions' {
  if (kindCode === CLOUD_SERVICE.code) return result === 'skipped' ? 'unchanged' : result
  return kindCode === CLOUD_SERVICE_TYPE.code ? 'types' : 'regions'
}
