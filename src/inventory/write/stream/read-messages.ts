import type { MessageBlock } from '../../../core/message-block.ts'
import { type Redact, redactStrings } from '../../../core/redact-strings.ts'
import { RowWriter } from '../../../storage/index.ts'
import {
  DEFAULT_DECODE_LIMITS,
  decodeResource,
  type JsonObject,
  MEMO_WORDS,
  MemoHasher,
  memoToUuid,
  type RejectedResource,
  uuidToMemo,
} from '../../decode/index.ts'
import { type EvaluatedResource, evaluateResource } from '../../evaluate.ts'
import { type PackedResource, packDocument } from '../../packed-document.ts'
import type { TaskError } from '../../task-error.ts'
import type { BatchItem } from '../batch/batch.ts'
import type { IngestInput } from '../ingest.ts'
import type { LateHashes } from '../run/late-hashes.ts'
import type { Run } from '../run/open-run.ts'
import { type BatchMemory, createBatchMemories } from './batch-memory.ts'
import { MessageCursor } from './message-cursor.ts'
import { failureOfError, failureOfRejection, type ReadFailure } from './read-failure.ts'
import { SharedRules } from './shared-rules.ts'
import { SlotList } from './slot-list.ts'

/** A batch is written when one of these is reached, or when time has passed: see `ingest`. */
const MAX_ITEMS = 1_000
const MAX_ITEM_BYTES = 8 * 1024 * 1024
const MAX_SLOTS = 50_000
const MAX_ERRORS = 1_000
/**
 * What is written before a batch is full, where it is few among many: enough that what each batch asks the
 * database pays. With 64 a change took 50 µs more of either; with 256 no less of the thread, and more was
 * left for after the stream.
 */
const FEW_ITEMS = 128
/** Messages to one that is new, from which on those count as few. */
const MANY_MESSAGES = 8
/** Messages that are read in one go. */
const MAX_MESSAGES = 128
/** Messages in unknown bytes that are read in one go. */
const MAX_UNKNOWN = 8
/**
 * Messages in unknown bytes before anything is concluded from their number; fewer are enough where hardly any
 * other came.
 */
const MIN_NEW = 256
const MIN_NEW_ALONE = 64
/**
 * Of messages that come in another order so many have their memo looked at first, in case the next ones do
 * not.
 */
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

/**
 * The hot path: a message whose memo is known is a bit and a count; only the rest is decoded. Where many come
 * in other bytes than before, their loose memos are asked next, and where those do not help, their contents.
 *
 * A class, since V8 compiles functions for what they call: closures of their own for each run would be
 * compiled for each run.
 */
export class MessageReader {
  readonly #run: Run
  readonly #maxItems: number
  readonly #redact: Redact
  readonly #evaluation: Parameters<typeof evaluateResource>[1]
  readonly #hasher: MemoHasher
  readonly #cursor: MessageCursor
  readonly #looseMemo = new Uint32Array(MEMO_WORDS)
  /** Memos on their way into the database, so that a message repeated at once is not two resources. */
  readonly #underWay = new Set<string>()
  readonly #row = new RowWriter()
  readonly #openMemory = createBatchMemories()
  readonly #sharedRules = new SharedRules()
  #batch: OpenBatch
  /**
   * The last known message was known by its loose memo: the memo, which would be hashed in vain, waits until
   * that one fails.
   */
  #isLooseFirst = false
  /** Resources that had to be decoded, and messages among which they were, since something was loaded. */
  #newMessages = 0
  #newsSince = 0

  constructor(run: Run, input: Pick<IngestInput, 'projectId' | 'rules' | 'maxBatchItems' | 'redact'>) {
    const { projectId, rules, maxBatchItems = MAX_ITEMS, redact = (text: string) => text } = input
    this.#run = run
    this.#maxItems = maxBatchItems
    this.#redact = redact
    this.#evaluation = { projectId, priority: run.priority, rules }
    this.#hasher = new MemoHasher(run.memoKey)
    this.#cursor = new MessageCursor(this.#hasher)
    this.#batch = openBatch(this.#openMemory())
  }

  /** Takes raw messages to read next. All those it was given before have been read. */
  receive(blocks: readonly MessageBlock[]): void {
    this.#cursor.receive(blocks)
  }

  /**
   * Reads on in what was received; nothing of it is kept. Stops when others must have a turn, since new
   * resources take long to decode.
   */
  read(): void {
    const cursor = this.#cursor
    const batch = this.#batch
    let unknown = 0
    const last = cursor.number + MAX_MESSAGES
    while (unknown < MAX_UNKNOWN && cursor.number < last && !this.isFull && cursor.next()) {
      batch.messages++
      batch.bytes += cursor.end - cursor.start
      if (this.#isKnown()) continue
      unknown++
      this.#readNew(cursor.bytes.subarray(cursor.start, cursor.end))
    }
  }

  /** Whether there is more to read. */
  get hasMore(): boolean {
    return this.#cursor.hasMore
  }

  /** Whether enough has come together for a batch. */
  get isFull(): boolean {
    const { items, itemBytes, slots, errors } = this.#batch
    return (
      items.length >= this.#maxItems ||
      itemBytes >= MAX_ITEM_BYTES ||
      slots.length >= MAX_SLOTS ||
      errors.length >= MAX_ERRORS
    )
  }

  /**
   * Whether writing what there is pays as soon as nothing else is being written. Where little has changed a
   * stream is over before a batch is full, and everything would be written after it.
   */
  get isWorthWriting(): boolean {
    const { items, messages } = this.#batch
    return items.length >= FEW_ITEMS && items.length * MANY_MESSAGES <= messages
  }

  get isEmpty(): boolean {
    return this.#batch.messages === 0
  }

  /** What pays to be loaded, because so much of what is known comes in new bytes. */
  get wants(): LateHashes | undefined {
    const run = this.#run
    // In the first run of a revision every known resource gets its new memo, so all of them go to the
    // database.
    if (run.refreshesMemos || run.nextSlot === 0) return undefined
    const fresh = this.#newMessages
    const messages = this.#cursor.number - this.#newsSince
    if (fresh < (fresh * 8 >= messages * 7 ? MIN_NEW_ALONE : MIN_NEW) || fresh <= messages / 4)
      return undefined
    const next = [run.loose, run.contents].find(({ isLoaded }) => !isLoaded)
    if (next === undefined) return undefined
    this.#newMessages = 0
    this.#newsSince = this.#cursor.number
    return next
  }

  /** Hands over what was read, and starts anew. */
  take(): ReadBatch {
    const taken = this.#batch
    this.#batch = openBatch(this.#openMemory())
    return { ...taken, slots: taken.slots.toArray() }
  }

  /** Tells that these items are stored: their memos may be read again as new. */
  forget(items: readonly BatchItem[]): void {
    for (const item of items) this.#underWay.delete(item.memo)
  }

  /** Whether the message says what is known. */
  #isKnown(): boolean {
    const cursor = this.#cursor
    const isLooseFirst = this.#isLooseFirst
    const wasLooseFirst = isLooseFirst && cursor.number % MEMO_FIRST_OF !== 0
    if (wasLooseFirst && this.#isReordered()) return true
    const slot = this.#run.memos.find(cursor.memos, cursor.locateMemo(isLooseFirst))
    if (slot >= 0) {
      this.#isLooseFirst = false
      this.#noteSeen(slot)
      return true
    }
    if (wasLooseFirst || !this.#isReordered()) return false
    this.#isLooseFirst = true
    return true
  }

  #isReordered(): boolean {
    const { loose } = this.#run
    const { bytes, start, end } = this.#cursor
    if (!loose.isLoaded || !this.#hasher.hashLoosely(bytes, this.#looseMemo, start, end)) return false
    const slot = loose.find(this.#looseMemo)
    if (slot >= 0) this.#noteSeen(slot)
    return slot >= 0
  }

  #noteSeen(slot: number): void {
    if (this.#run.seen.note(slot, this.#cursor.number)) this.#batch.slots.add(slot)
  }

  #readNew(message: Uint8Array): void {
    const cursor = this.#cursor
    const batch = this.#batch
    const id = memoToUuid(cursor.memos, cursor.locateMemo(true))
    if (this.#underWay.has(id)) return
    const resource = decodeResource(message, DEFAULT_DECODE_LIMITS, this.#redact)
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
        this.#refuse(redactStrings(resource, this.#redact))
        return
      case 'skipped':
        return
      case 'filter_cache':
        batch.filterCache = { ...batch.filterCache, ...redactStrings(resource.resource, this.#redact) }
        return
      default:
        this.#readResource(evaluateResource(resource, this.#evaluation), id, message)
    }
  }

  #refuse(resource: RejectedResource): void {
    this.#batch.errors.push(toTaskError(resource))
    const failure = failureOfRejection(resource)
    if (failure !== undefined) this.#batch.failures.push(failure)
  }

  #readResource(resource: EvaluatedResource, id: string, message: Uint8Array): void {
    this.#newMessages++
    const { contents } = this.#run
    const slot = contents.isLoaded ? contents.find(uuidToMemo(resource.contentHash)) : -1
    if (slot >= 0) {
      this.#noteSeen(slot)
      return
    }
    this.#underWay.add(id)
    this.#batch.items.push({
      memo: id,
      looseMemo: this.#looseMemoOf(message, resource),
      message: this.#cursor.number,
      resource: this.#pack(resource),
    })
    this.#batch.itemBytes += message.length
  }

  #pack({ document, ...resource }: EvaluatedResource): PackedResource {
    this.#row.clear()
    const columns = packDocument(this.#row, resource.kind, document)
    const matchRules = this.#sharedRules.share(resource.matchRules)
    return { ...resource, matchRules, columns, fields: this.#batch.memory.keep(this.#row.written) }
  }

  #looseMemoOf(message: Uint8Array, { hasRepeats }: EvaluatedResource): string | null {
    return !hasRepeats && this.#hasher.hashLoosely(message, this.#looseMemo)
      ? memoToUuid(this.#looseMemo)
      : null
  }
}

type OpenBatch = ReturnType<typeof openBatch>

function openBatch(memory: BatchMemory) {
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
