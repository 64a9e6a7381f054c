import type { Logger } from '../../access/index.ts'
import type { Clock } from '../../core/clock.ts'
import type { MessageBlock } from '../../core/message-block.ts'
import { createPace } from '../../core/pace.ts'
import type { Redact } from '../../core/redact-strings.ts'
import type { RuleSet } from '../../rules/index.ts'
import type { Database, Transaction } from '../../storage/index.ts'
import type { LoadedRoster, Roster } from '../roster/index.ts'
import { createBatchWriter } from './batch/batch-writer.ts'
import type { BatchCounts } from './batch/write-batch.ts'
import type { CollectMode } from './match/classify.ts'
import { openRun } from './run/open-run.ts'
import { createResourceIds } from './store/resource-ids.ts'
import { beginReading } from './stream/begin-reading.ts'
import { chunksOrPauses, PAUSE } from './stream/chunks-or-pauses.ts'
import { MessageReader } from './stream/read-messages.ts'

export type IngestInput = {
  readonly domainId: string
  readonly collectorId: string
  readonly contributorId: number
  readonly taskSeq: number
  readonly jobTaskId: string
  readonly attempt: number
  readonly mode: CollectMode
  /** A filter kept the plugin from sending all it knows. */
  readonly isFiltered: boolean
  /** False while other tasks of the same job are still to read their parts of the work. Default true. */
  readonly isLastPart?: boolean
  /** `evaluationRevision(…)`: what besides the bytes decides what a message becomes. */
  readonly revision: string
  /** Project of resources that name none; '' for none. */
  readonly projectId: string
  /** Rules of the collector; undefined when it has none. */
  readonly rules?: RuleSet | undefined
  /** Raw ResourceInfo messages, in the blocks they arrive in. */
  readonly stream: AsyncIterable<readonly MessageBlock[]>
  readonly signal: AbortSignal
  /**
   * What is known of the contributor's claims, where it is being loaded already. Default: it is loaded when
   * this begins.
   */
  readonly roster?: Promise<LoadedRoster>
  /** Cuts the secret that the plugin was called with out of what it reports as unreadable. */
  readonly redact?: Redact
  /** Resources that one transaction writes at most, but for what the last chunk brought. Default 1,000. */
  readonly maxBatchItems?: number
  /**
   * What was read waits at most this long to be written and counted, so that progress is visible. Default 500
   * ms.
   */
  readonly flushAfterMs?: number
  /**
   * Adds a batch's counts to the task under the fencing token, inside the batch's transaction; throws when
   * the attempt has moved on, and so rolls the batch back. What it does beside the database belongs behind
   * the commit.
   */
  readonly recordBatch: (tx: Transaction, counts: BatchCounts) => Promise<void>
}

export type IngestDeps = { readonly db: Database; readonly log: Logger; readonly now: Clock }

const FLUSH_AFTER_MS = 500

/**
 * How long a turn of reading is. The batch that is being written takes six turns of its own, one for each
 * answer of the database, which does nothing until it is read.
 */
const MAX_TURN_MS = 1

/**
 * Reads a plugin's stream into the inventory, as fast as it can be written and no faster: while one batch is
 * written (two, where all of it is new) the next is read, never more. Resolves when the stream has ended with
 * status OK and everything is stored, with what the run knows of its contributor's claims; throws what the
 * stream threw, after storing what was read until then.
 */
export async function ingest(deps: IngestDeps, input: IngestInput): Promise<Roster> {
  // The plugin begins while the memos are loaded: what it sends by then waits in the windows of its
  // connection.
  const { flushAfterMs = FLUSH_AFTER_MS } = input
  const chunks = beginReading(chunksOrPauses(input.stream, flushAfterMs))
  const run = await openRun(deps.db, input).catch(async (thrown: unknown) => {
    await chunks.leave()
    throw thrown
  })
  const reader = new MessageReader(run, input)
  const writer = createBatchWriter(deps, { ...input, ...run, ids: createResourceIds() }, run, reader)
  const pace = createPace(MAX_TURN_MS)
  let flushedAt = performance.now()
  try {
    for await (const chunk of chunks) {
      reader.receive(chunk === PAUSE ? [] : chunk)
      do {
        reader.read()
        const isDue = reader.isFull || performance.now() - flushedAt >= flushAfterMs
        if (isDue || (writer.isIdle && reader.isWorthWriting)) {
          await writer.write()
          flushedAt = performance.now()
        }
        await reader.wants?.load(run.nextSlot)
        await pace()
      } while (reader.hasMore)
    }
  } catch (thrown) {
    // What the plugin has told before it failed is true, and kept; after an abort nothing may be written any
    // more.
    if (!input.signal.aborted && !writer.hasFailed) await writer.finish()
    throw thrown
  }
  await writer.finish()
  const isWhole = input.mode === 'ALL' && !input.isFiltered && (input.isLastPart ?? true)
  if (isWhole && run.refreshesMemos) await markRevision(deps.db, input)
  return run.roster
}

/**
 * The memos of this contributor are of this revision now: from here on, new bytes for old content are the
 * plugin's habit. Not said after a run that left some out, whose memos would stay old for ever, and of work
 * in parts only after the last one.
 */
async function markRevision(db: Database, input: IngestInput): Promise<void> {
  await db.query('update contributor set revision = $3 where domain_id = $1 and contributor_id = $2', [
    input.domainId,
    input.contributorId,
    input.revision,
  ])
}
