import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Connection, describeConnection } from './connection.ts'
import { type DataFolder, openDataFolder } from './data-folder.ts'
import type { WholeDatabase } from './database.ts'
import { DATABASE_FOLDER } from './embedded/start-embedded.ts'
import { superviseEmbedded } from './embedded/supervise.ts'
import { assertNotUnfinished } from './embedded/unfinished.ts'
import { readFreeBytes } from './free-space.ts'
import type { Log } from './log.ts'
import { migrate } from './migrate.ts'
import { createDatabase, type DatabaseOptions } from './postgres-database.ts'
import { createRoom, type Room } from './room.ts'
import { waitForServer } from './server-version.ts'
import { prepareTenantRole } from './tenant-role.ts'

export type OpenOptions = Pick<
  DatabaseOptions,
  'maxConnections' | 'statementTimeoutMs' | 'acquireTimeoutMs'
> & {
  /** An external PostgreSQL; without it, the embedded one runs in the data folder. */
  readonly databaseUrl?: string | undefined
  readonly dataDir: string
  /** Folder with the migrations. */
  readonly migrations: string
  readonly log: Log
  /** How long to wait for an external server to answer, milliseconds. Default 10,000. */
  readonly waitMs?: number
  /** The user that root runs the embedded server as; `postgres` or `nobody` by default. */
  readonly databaseUser?: string | undefined
}

export type OpenedDatabase = {
  readonly kind: 'embedded' | 'external'
  readonly database: WholeDatabase
  /** Whether it can store; hears of what fails on the connections of `database`. */
  readonly room: Room
  /** For what needs connections of its own, such as the queue. */
  readonly connection: Connection
  /** PostgreSQL's version. */
  readonly version: string
  /** The data folder's absolute path. */
  readonly dataDir: string
  /** Rejects when the embedded server was lost and could not be brought back. */
  readonly lost: Promise<never>
  /** Closes the connections, stops the embedded server and lets the data folder go. */
  close(): Promise<void>
}

/** Opens the data folder and brings the database up: started or reached, new enough, migrated, with a pool. */
export async function openDatabase(options: OpenOptions): Promise<OpenedDatabase> {
  const { databaseUrl, dataDir, migrations, log } = options
  const kind = databaseUrl ? 'external' : 'embedded'
  const folder = await openDataFolder(dataDir, { lock: kind === 'embedded' })
  let server: Server | undefined
  try {
    server = databaseUrl ? external(databaseUrl) : await embedded(folder, options)
    const { connection } = server
    const { version } = await waitForServer({ connection, waitMs: options.waitMs ?? 10_000 })
    await migrate({ connection, folder: migrations, log })
    log.info({ kind, version, at: describeConnection(connection) }, 'database ready')
    const tenantRole = await prepareTenantRole({ connection, log })
    const files = path.join(folder.path, DATABASE_FOLDER)
    const room = createRoom(kind === 'embedded' ? { freeBytes: () => readFreeBytes(files) } : {})
    const database = createDatabase({ ...options, connection, tenantRole, heard: room.note })
    return {
      kind,
      database,
      room,
      connection,
      version,
      dataDir: folder.path,
      lost: server.lost,
      close: closeAll(database, server, folder),
    }
  } catch (thrown) {
    await server?.stop()
    folder.release()
    throw thrown
  }
}

type Server = { readonly connection: Connection; readonly lost: Promise<never>; stop(): Promise<void> }

const never = new Promise<never>(() => {})

function external(connectionString: string): Server {
  return { connection: { connectionString }, lost: never, stop: async () => {} }
}

async function embedded(folder: DataFolder, { log, databaseUser }: OpenOptions): Promise<Server> {
  assertNotUnfinished(folder.path)
  return superviseEmbedded({ dataDir: folder.path, log, ...(databaseUser && { user: databaseUser }) })
}

/** Statements that hang must not keep the process: the server's own shutdown ends them. */
const CLOSE_LIMIT_MS = 10_000

function closeAll(database: WholeDatabase, server: Server, folder: DataFolder): () => Promise<void> {
  let closing: Promise<void> | undefined
  return () => {
    closing ??= close()
    return closing
  }

  async function close(): Promise<void> {
    try {
      await Promise.race([database.close(), sleep(CLOSE_LIMIT_MS, undefined, { ref: false })])
    } finally {
      await server.stop()
      folder.release()
    }
  }
}
