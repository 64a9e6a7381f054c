import type { Session } from '../storage/transfer/index.ts'
import { mismatch } from './backup-errors.ts'
import { copyInText, copyOutText, quoted, type Sequence } from './contents.ts'
import { createMeter, type OnProgress } from './progress.ts'
import { RowDigest } from './row-digest.ts'
import { setAside } from './set-aside.ts'

export type LoadedTable = {
  readonly name: string
  readonly columns: readonly string[]
  readonly bytes: number
}

export type LoadOptions = {
  /** All of ours that there are. */
  readonly tables: readonly LoadedTable[]
  /** The rows of one of them, as a COPY sends them, and what must have come when they have ended. */
  readonly open: (table: LoadedTable) => AsyncIterable<Uint8Array>
  /** Throws where what came is not what had to come. */
  readonly check: (table: LoadedTable, came: RowDigest) => void
  /** Asked when all rows have come. */
  readonly sequences: () => Promise<readonly Sequence[]>
  /** What else belongs to it, before the indexes come back. */
  readonly amend?: () => Promise<void>
  readonly onProgress: OnProgress
}

/** Share of the time that a table takes until it is stored, read back, and indexed with all the others: for the bar alone. */
const STORED = 0.7

/**
 * Fills empty tables in the transaction that is open: the rows of each are stored, read back and compared, and then all are indexed
 * and checked. Sequences go on where they were.
 */
export async function loadTables(session: Session, options: LoadOptions): Promise<void> {
  const { tables, onProgress } = options
  const names = tables.map(({ name }) => quoted(name))
  const bringBack = await setAside(session, names)
  // In the same transaction: the rows that follow need no entry in the log of a server without replicas, and are frozen.
  await session.query(`truncate ${names.join(', ')}`)
  const meter = createMeter(tables, onProgress)
  for (const table of tables) await loadTable(session, table, options, meter.begin(table.name))
  for (const { name, lastValue, isCalled } of await options.sequences())
    await session.query('select setval($1::regclass, $2::bigint, $3)', [quoted(name), lastValue, isCalled])
  await options.amend?.()
  onProgress({ what: 'indexes', fraction: 1 })
  await bringBack()
}

async function loadTable(
  session: Session,
  table: LoadedTable,
  { open, check }: LoadOptions,
  tell: (share: number) => void,
): Promise<void> {
  const came = new RowDigest()
  let bytes = 0
  async function* pieces(): AsyncGenerator<Uint8Array, void> {
    for await (const piece of open(table)) {
      came.update(piece)
      yield piece
      bytes += piece.length
      tell((STORED * bytes) / (table.bytes || 1))
    }
  }
  await session.copyIn(copyInText(table), pieces())
  check(table, came)
  const stored = new RowDigest()
  for await (const page of session.copyOut(copyOutText(table))) stored.update(page)
  if (stored.rows !== came.rows || stored.digest() !== came.digest())
    throw mismatch(`table ${table.name} has ${stored.rows} rows, and ${came.rows} were stored`)
}
