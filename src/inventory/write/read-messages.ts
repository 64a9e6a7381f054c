import type { MessageBlock } from '../../core/message-block.ts'
import { type Redact, redactStrings } from '../../core/redact-strings.ts'
import { RowWriter } from '../../storage/index.ts'
import {
  createMemoHasher,
  DEFAULT_DECODE_LIMITS,
  decodeResource,
  type JsonObject,
  MAX_GROUP,
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
import type { Run } from './open-run.ts'
import { failureOfError, failureOfRejection, type ReadFailure } from './read-failure.ts'
import { createSharedRules } from './shared-rules.ts'

/** A batch is written when one of these is reached, or when time has passed: see `ingest`. */
const MAX_ITEMS = 1_000
const MAX_ITEM_BYTES = 8 * 1024 * 1024
const MAX_SLOTS = 50_000
const MAX_ERRORS = 1_000
/** What is written before a batch is full, where it is few among many: enough that ten questions of the database pay. */
const FEW_ITEMS = 64
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
  readonly slots: readonly number[]
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
  /** Memos of messages that lie one behind the other in the stream, and the numbers of the first and of the one behind the last. */
  const memos = new Uint32Array(MAX_GROUP * MEMO_WORDS)
  let memosFrom = 0
  let memosTo = 0
  const looseMemo = new Uint32Array(MEMO_WORDS)
  /** Memos on their way into the database, so that a message repeated at once is not two resources. */
  const underWay = new Set<string>()
  const row = new RowWriter()
  const openMemory = createBatchMemories()
  const shareRules = createSharedRules()
  let batch = emptyBatch(openMemory())
  let messageNumber = 0
  let blocks: readonly MessageBlock[] = []
  /** Where the message lies that is read next, or just now. */
  const place = { block: 0, bound: 0 }
  /** The last known message was known by its loose memo: the memo, which would be hashed in vain, waits until that one fails. */
  let isLooseFirst = false
  /** Resources that had to be decoded, and messages among which they were, since something was loaded. */
  let news = 0
  let newsSince = 0

  /** Whether the message says what is known. */
  function isKnown(bytes: Uint8Array, start: number, end: number): boolean {
    const wasLooseFirst = isLooseFirst && messageNumber % MEMO_FIRST_OF !== 0
    if (wasLooseFirst && isReordered(bytes, start, end)) return true
    if (messageNumber >= memosTo) hashFrom(bytes, start, end)
    const slot = run.memos.find(memos, memoAt())
    if (slot >= 0) {
      isLooseFirst = false
      noteSeen(slot)
      return true
    }
    if (wasLooseFirst || !isReordered(bytes, start, end)) return false
    isLooseFirst = true
    return true
  }

  /** Where the memo of this message begins. */
  function memoAt(): number {
    return (messageNumber - memosFrom) * MEMO_WORDS
  }

  /** Hashes this message, and those behind it in the same go where their memos are likely to be needed. */
  function hashFrom(bytes: Uint8Array, start: number, end: number): void {
    const count = isLooseFirst ? 0 : hasher.hashGroup(blocks, place, memos)
    if (count === 0) hasher.hash(bytes, memos, start, end)
    memosFrom = messageNumber
    memosTo = messageNumber + Math.max(1, count)
  }

  function isReordered(bytes: Uint8Array, start: number, end: number): boolean {
    if (!run.loose.isLoaded || !hasher.hashLoosely(bytes, looseMemo, start, end)) return false
    const slot = run.loose.find(looseMemo)
    if (slot >= 0) noteSeen(slot)
    return slot >= 0
  }

  function readNews(message: Uint8Array): void {
    const id = memoToUuid(memos, memoAt())
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
      message: messageNumber,
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
    if (run.seen.note(slot, messageNumber)) batch.slots.push(slot)
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
    receive(received) {
      blocks = received
      place.block = 0
      place.bound = 0
    },
    read() {
      let unknown = 0
      const lastNumber = messageNumber + MAX_MESSAGES
      for (; place.block < blocks.length; place.block++, place.bound = 0) {
        const { bytes, bounds } = blocks[place.block] ?? NOTHING
        for (; place.bound < bounds.length; place.bound += 2) {
          if (unknown === MAX_UNKNOWN || messageNumber === lastNumber || isFull()) return
          const start = bounds[place.bound] ?? 0
          const end = bounds[place.bound + 1] ?? 0
          batch.messages++
          messageNumber++
          batch.bytes += end - start
          if (isKnown(bytes, start, end)) continue
          unknown++
          readNews(bytes.subarray(start, end))
        }
      }
    },
    get hasMore() {
      return place.block < blocks.length
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
      const messages = messageNumber - newsSince
      if (news < (news * 8 >= messages * 7 ? MIN_NEWS_ALONE : MIN_NEWS) || news <= messages / 4)
        return undefined
      const next = [run.loose, run.contents].find(({ isLoaded }) => !isLoaded)
      if (next === undefined) return undefined
      news = 0
      newsSince = messageNumber
      return next
    },
    take() {
      const taken = batch
      batch = emptyBatch(openMemory())
      return taken
    },
    forget(items) {
      for (const item of items) underWay.delete(item.memo)
    },
  }
}

const NOTHING: MessageBlock = { bytes: new Uint8Array(), bounds: [] }

function emptyBatch(memory: BatchMemory) {
  return {
    memory,
    items: [] as BatchItem[],
    itemBytes: 0,
    slots: [] as number[],
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
