import path from 'node:path'
import type { Session } from '../storage/transfer/index.ts'
import { copyOutText, listTables, type Table } from './contents.ts'
import { fileOf, type Manifest } from './manifest.ts'
import { createMeter, type OnProgress } from './progress.ts'
import { RowDigest } from './row-digest.ts'
import { writeTableFile } from './table-file.ts'

export type DumpedTable = Manifest['tables'][number] & { readonly sha256: string }

export type DumpOptions = {
  /** See `ownNames`. */
  readonly own: readonly string[]
  readonly folder: string
  readonly onProgress: OnProgress
}

/** What is sent of a row is longer than what is stored of it; for the bar alone. */
const SENT_TO_STORED = 1.2

/** Writes the rows of all tables, as the transaction of the session sees them, each into a file of the folder. */
export async function dumpTables(
  session: Session,
  { own, folder, onProgress }: DumpOptions,
): Promise<readonly DumpedTable[]> {
  const tables = await listTables(session, own)
  const meter = createMeter(tables, onProgress)
  const dumped: DumpedTable[] = []
  for (const table of tables) dumped.push(await dumpTable(session, table, folder, meter.begin(table.name)))
  return dumped
}

async function dumpTable(
  session: Session,
  table: Table,
  folder: string,
  tell: (share: number) => void,
): Promise<DumpedTable> {
  const digest = new RowDigest()
  let sent = 0
  async function* pages(): AsyncGenerator<Buffer, void> {
    for await (const page of session.copyOut(copyOutText(table))) {
      digest.update(page)
      yield page
      sent += page.length
      tell(sent / (table.bytes * SENT_TO_STORED || 1))
    }
  }
  const { bytes, sha256 } = await writeTableFile(path.join(folder, fileOf(table)), pages())
  const { name, columns } = table
  return {
    name,
    columns: [...columns],
    rows: digest.rows,
    digest: digest.digest(),
    bytes: table.bytes,
    fileBytes: bytes,
    sha256,
  }
}
