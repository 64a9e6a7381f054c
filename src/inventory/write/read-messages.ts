import type { MessageBlock } from '../../core/message-block.ts'
import { type Redact, redactStrings } from '../../core/redact-strings.ts'
import { RowWriter } from '../../storage/index.ts'
import {
  createMemoHasher,
  DEFAULT_DECODE_LIMITS,
  decodeResource,
  type JsonObject,
  MEMO_WORDS,
  memoToUuid,
  type RejectedResource,
  uuidToMemo,
} from '../decode/index.ts'
import { type EvaluatedResource, evaluateResource } from '../evaluate.ts'
import { type PackedResource, packDocument } from '../packed-document.ts'
import type { TaskError } from '../task-error.ts'
import type { BatchItem } from './batch.ts'
import { type BatchMemory, createBatchMemories } from './batch-memory.ts'
import type { IngestInput } from './ingest.ts'
import type { LateHashes } from './late-hashes.ts'
import { MessageCursor } from './message-cursor.ts'
import type { Run } from './open-run.ts'
import { failureOfError, failureOfRejection, type ReadFailure } from './read-failure.ts'
import { createSharedRules } from './shared-rules.ts'
import { SlotList } from './slot-list.ts'

/** A batch is written when one of these is reached, or when time has passed: see `ingest`. */
const MAX_ITEMS = 1_000
const MAX_ITEM_BYTES = 8 * 1024 * 1024
const MAX_SLOTS = 50_000
const MAX_ERRORS = 1_000
/**
 * What is written before a batch is full, where it is few among many: enough that what each batch asks the database pays. With 64 a
 * change took 50 µs more of either; with 256 no less of the thread, and more was left for after the stream.
 */
const FEW_ITEMS = 128
/** Messages to one that is news, from which on news counts as few. */
const MANY_MESSAGES = 8
/** Messages that are read in one go. */
const MAX_MESSAGES = 128
/** Messages in unknown bytes that are read in one go. */
const MAX_UNKNOWN = 8
/** Messages in unknown bytes before anything is concluded from their number; fewer are enough where hardly any other came. */
const MIN_NEWS = 256
const MIN_NEWS_ALONE = 64
/** Of messages that come in another order so many have their memo looked at first, in case the next ones do not. */
const MEMO_FIRST_OF = 64

/** What was read from the stream since the last batch. */
export type ReadBatch = {
  readonly items: readonly BatchItem[]
  /** Slots seen by their memo alone, each once in an attempt. */
  readonly slots: Int32Array
  readonly messages: number
  readonly bytes: number
  readonly errors: readonly TaskError[]
  /** What the plugin wants to be asked for next time; undefined when it did not say. */
  readonly filterCache: JsonObject | undefined
  /** What of the above means that something was not read: see `ReadFailure`. */
  readonly failures: readonly ReadFailure[]
  /** Where the documents of the items are, to be released when they are stored. */
  readonly memory: BatchMemory
}

export type MessageReader = {
  /** Takes raw messages to read next. All those it was given before have been read. */
  receive(blocks: readonly MessageBlock[]): void
  /**
   * Reads on in what was received; nothing of it is kept. Stops when others must have a turn, since new resources take long to
   * decode.
   */
  read(): void
  /** Whether there is more to read. */
  readonly hasMore: boolean
  /** Whether enough has come together for a batch. */
  readonly isFull: boolean
  /**
   * Whether writing what there is pays as soon as nothing else is being written. Where little has changed a stream is over before a
   * batch is full, and everything would be written after it.
   */
  readonly isWorthWriting: boolean
  readonly isEmpty: boolean
  /** What pays to be loaded, because so much of what is known comes in new bytes. */
  readonly wants: LateHashes | undefined
  /** Hands over what was read, and starts anew. */
  take(): ReadBatch
  /** Tells that these items are stored: their memos may be read again as news. */
  forget(items: readonly BatchItem[]): void
}

/**
 * The hot path: a message whose memo is known is a bit and a count; only the rest is decoded. Where many come in other bytes
 * than before, their loose memos are asked next, and where those do not help, their contents.
 */
export function createMessageReader(
  run: Run,
  input: Pick<IngestInput, 'projectId' | 'rules' | 'maxBatchItems' | 'redact'>,
): MessageReader {
  const maxItems = input.maxBatchItems ?? MAX_ITEMS
  const redact: Redact = input.redact ?? ((text) => text)
  const evaluation = { projectId: input.projectId, priority: run.priority, rules: input.rules }
  const hasher = createMemoHasher(run.memoKey)
  const cursor = new MessageCursor(hasher)
  const looseMemo = new Uint32Array(MEMO_WORDS)
  /** Memos on their way into the database, so that a message repeated at once is not two resources. */
  const underWay = new Set<string>()
  const row = new RowWriter()
  const openMemory = createBatchMemories()
  const shareRules = createSharedRules()
  let batch = emptyBatch(openMemory())
  /** The last known message was known by its loose memo: the memo, which would be hashed in vain, waits until that one fails. */
  let isLooseFirst = false
  /** Resources that had to be decoded, and messages among which they were, since something was loaded. */
  let news = 0
  let newsSince = 0

  /** Whether the message says what is known. */
  function isKnown(): boolean {
    const wasLooseFirst = isLooseFirst && cursor.number % MEMO_FIRST_OF !== 0
    if (wasLooseFirst && isReordered()) return true
    const slot = run.memos.find(cursor.memos, cursor.locateMemo(isLooseFirst))
    if (slot >= 0) {
      isLooseFirst = false
      noteSeen(slot)
      return true
    }
    if (wasLooseFirst || !isReordered()) return false
    isLooseFirst = true
    return true
  }

  function isReordered(): boolean {
    const { bytes, start, end } = cursor
    if (!run.loose.isLoaded || !hasher.hashLoosely(bytes, looseMemo, start, end)) return false
    const slot = run.loose.find(looseMemo)
    if (slot >= 0) noteSeen(slot)
    return slot >= 0
  }

  function readNews(message: Uint8Array): void {
    const id = memoToUuid(cursor.memos, cursor.locateMemo(true))
    if (underWay.has(id)) return
    const resource = decodeResource(message, DEFAULT_DECODE_LIMITS, redact)
    switch (resource.kind) {
      case 'error':
        batch.errors.push({
          error_code: resource.code,
          message: resource.message,
          additional: resource.additional,
        })
        batch.failures.push(failureOfError(resource))
        return
      case 'rejected':
        refuse(redactStrings(resource, redact))
        return
      case 'skipped':
        return
      case 'filter_cache':
        batch.filterCache = { ...batch.filterCache, ...redactStrings(resource.resource, redact) }
        return
      default:
        readResource(evaluateResource(resource, evaluation), id, message)
    }
  }

  function refuse(resource: RejectedResource): void {
    batch.errors.push(toTaskError(resource))
    noteFailure(failureOfRejection(resource))
  }

  function readResource(resource: EvaluatedResource, id: string, message: Uint8Array): void {
    news++
    const slot = run.contents.isLoaded ? run.contents.find(uuidToMemo(resource.contentHash)) : -1
    if (slot >= 0) {
      noteSeen(slot)
      return
    }
    underWay.add(id)
    batch.items.push({
      memo: id,
      looseMemo: looseMemoOf(message, resource),
      message: cursor.number,
      resource: pack(resource),
    })
    batch.itemBytes += message.length
  }

  function pack({ document, ...resource }: EvaluatedResource): PackedResource {
    row.clear()
    const columns = packDocument(row, resource.kind, document)
    const matchRules = shareRules(resource.matchRules)
    return { ...resource, matchRules, columns, fields: batch.memory.keep(row.written) }
  }

  function looseMemoOf(message: Uint8Array, { hasRepeats }: EvaluatedResource): string | null {
    return !hasRepeats && hasher.hashLoosely(message, looseMemo) ? memoToUuid(looseMemo) : null
  }

  function noteSeen(slot: number): void {
    if (run.seen.note(slot, cursor.number)) batch.slots.add(slot)
  }

  function isFull(): boolean {
    const { items, itemBytes, slots, errors } = batch
    return (
      items.length >= maxItems ||
      itemBytes >= MAX_ITEM_BYTES ||
      slots.length >= MAX_SLOTS ||
      errors.length >= MAX_ERRORS
    )
  }

  function noteFailure(failure: ReadFailure | undefined): void {
    if (failure !== undefined) batch.failures.push(failure)
  }

  return {
    receive: (blocks) => cursor.receive(blocks),
    read() {
      let unknown = 0
      const last = cursor.number + MAX_MESSAGES
      while (unknown < MAX_UNKNOWN && cursor.number < last && !isFull() && cursor.next()) {
        batch.messages++
        batch.bytes += cursor.end - cursor.start
        if (isKnown()) continue
        unknown++
        readNews(cursor.bytes.subarray(cursor.start, cursor.end))
      }
    },
    get hasMore() {
      return cursor.hasMore
    },
    get isFull() {
      return isFull()
    },
    get isWorthWriting() {
      const { items, messages } = batch
      return items.length >= FEW_ITEMS && items.length * MANY_MESSAGES <= messages
    },
    get isEmpty() {
      return batch.messages === 0
    },
    get wants() {
      // In the first run of a revision every known resource gets its new memo, so all of them go to the database.
      if (run.refreshesMemos || run.nextSlot === 0) return undefined
      const messages = cursor.number - newsSince
      if (news < (news * 8 >= messages * 7 ? MIN_NEWS_ALONE : MIN_NEWS) || news <= messages / 4)
        return undefined
      const next = [run.loose, run.contents].find(({ isLoaded }) => !isLoaded)
      if (next === undefined) return undefined
      news = 0
      newsSince = cursor.number
      return next
    },
    take() {
      const taken = batch
      batch = emptyBatch(openMemory())
      return { ...taken, slots: taken.slots.toArray() }
    },
    forget(items) {
      for (const item of items) underWay.delete(item.memo)
    },
  }
}

function emptyBatch(memory: BatchMemory) {
  return {
    memory,
    items: [] as BatchItem[],
    itemBytes: 0,
    slots: new SlotList(),
    messages: 0,
    bytes: 0,
    errors: [] as TaskError[],
    filterCache: undefined as JsonObject | undefined,
    failures: [] as ReadFailure[],
  }
}

function toTaskError({ code, message, additional }: RejectedResource): TaskError {
  return { error_code: code, message, additional }
}
