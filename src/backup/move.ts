import type { Connection, Log } from '../storage/index.ts'
import { fillDatabase, type ReachOptions, startStopped, withSession } from '../storage/transfer/index.ts'
import { beginReading } from './begin-reading.ts'
import { copyOutText, listTables, readSequences } from './contents.ts'
import { assertSameTables, fillEmpty } from './empty-target.ts'
import { loadTables } from './load-tables.ts'
import type { OnProgress } from './progress.ts'

export type MoveOptions = Omit<ReachOptions, 'databaseUrl'> & {
  /** The database to move into. */
  readonly databaseUrl: string
  /** Folder with the migrations. */
  readonly migrations: string
  readonly log: Log
  readonly onProgress: OnProgress
  readonly signal?: AbortSignal | undefined
}

export type Moved = { readonly tables: number; readonly rows: number }

/**
 * Copies everything from the embedded database of a Gleaner that is stopped into an empty one, compared row by row. The embedded one
 * stays as it is. Time goes on: events keep their places, and readers theirs.
 */
export async function move(options: MoveOptions): Promise<Moved> {
  const { databaseUrl, ...stopped } = options
  const embedded = await startStopped(stopped)
  try {
    return await withSession({ ...options, connection: embedded.connection }, async (from) => {
      const source = await beginReading(from, options.migrations)
      const tables = await listTables(from, source.own)
      let rows = 0
      const fill = async (connection: Connection) =>
        await fillEmpty({ ...options, connection, applied: source.applied }, async (session, made) => {
          assertSameTables(made, tables)
          await loadTables(session, {
            tables,
            open: (table) => from.copyOut(copyOutText(table)),
            check: (_, came) => {
              rows += came.rows
            },
            sequences: () => readSequences(from, source.own),
            onProgress: options.onProgress,
          })
        })
      await fillDatabase({ ...options, fill })
      return { tables: tables.length, rows }
    })
  } finally {
    await embedded.close()
  }
}
