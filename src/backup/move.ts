import { FailedPrecondition } from '../core/errors.ts'
import { type Connection, type Log, readMigrations } from '../storage/index.ts'
import {
  fillDatabase,
  type ReachOptions,
  type Session,
  startStopped,
  withSession,
} from '../storage/transfer/index.ts'
import { copyOutText, listTables, ownNames, readApplied, readSequences } from './contents.ts'
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
  const source = await startStopped(stopped)
  try {
    const moved = { tables: 0, rows: 0 }
    await withSession({ ...options, connection: source.connection }, async (from) => {
      await from.query('begin isolation level repeatable read read only')
      await fillDatabase({
        ...options,
        fill: (connection) => fillFrom(from, { ...options, connection }, moved),
      })
    })
    return moved
  } finally {
    await source.close()
  }
}

async function fillFrom(
  from: Session,
  options: MoveOptions & { readonly connection: Connection },
  moved: { tables: number; rows: number },
): Promise<void> {
  const { migrations, onProgress } = options
  const own = ownNames(await readMigrations(migrations))
  const applied = await readApplied(from)
  if (applied.length === 0) throw nothingThere(options.dataDir)
  const tables = await listTables(from, own)
  await fillEmpty({ ...options, applied }, async (session, made) => {
    assertSameTables(made, tables)
    await loadTables(session, {
      tables,
      open: (table) => from.copyOut(copyOutText(table)),
      check: (_, came) => {
        moved.tables++
        moved.rows += came.rows
      },
      sequences: () => readSequences(from, own),
      onProgress,
    })
  })
}

function nothingThere(dataDir: string): FailedPrecondition {
  return new FailedPrecondition(
    'ERROR_DATABASE_MISSING',
    `no Gleaner has been started on the embedded database in ${dataDir}, so there is nothing to move. Nothing was changed. Name the folder with GLEANER_DATA_DIR, as the server has it`,
  )
}
