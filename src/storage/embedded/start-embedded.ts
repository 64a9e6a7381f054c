import { randomBytes } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import { CONNECT_WITHIN_MS, type Connection } from '../connection.ts'
import { letLikeUseIndexes } from '../let-like-use-indexes.ts'
import type { Log } from '../log.ts'
import { describe, prepareBinaries } from './binaries.ts'
import { initialize } from './initialize.ts'
import { stopOrphans } from './orphans.ts'
import { readPostmasterFile } from './postmaster-file.ts'
import { chooseRunAs } from './run-as.ts'
import { openServerLog, type ServerLog } from './server-log.ts'
import { type ServerExit, type ServerProcess, startServerProcess } from './server-process.ts'
import { type ServerSettings, toArguments } from './settings.ts'
import { createSocketFolder, removeSocketFolder } from './socket-folder.ts'
import { startFailure } from './start-failure.ts'

export type EmbeddedOptions = {
  /** The folder of ours that the database lies in; the caller holds its lock. */
  readonly dataDir: string
  readonly log: Log
  /** Changes of single server settings. */
  readonly settings?: ServerSettings
  /** The user that root runs the server as; `postgres` or `nobody` by default. */
  readonly user?: string
  /** A folder with `bin/postgres` to use instead of the npm package. */
  readonly binaries?: string
  /** A socket folder to use again, so that connections find the restarted server. */
  readonly socketFolder?: string
  /** Where in the data folder the files of the server are. Default `postgres`. */
  readonly folderName?: string
}

export type EmbeddedServer = {
  /** The database `gleaner` and its owner, who is no superuser. */
  readonly connection: EmbeddedConnection
  /** The superuser, in the database `postgres`; for tests and repairs. */
  readonly adminConnection: EmbeddedConnection
  readonly pid: number
  /** PostgreSQL's version, as `18.4`. */
  readonly version: string
  readonly socketFolder: string
  /** Settles when the server has ended; before `stop()` that is an accident. */
  readonly exited: Promise<ServerExit>
  stop(): Promise<void>
}

export type EmbeddedConnection = Exclude<Connection, { readonly connectionString: string }>

/** In the data folder, the files of the server. */
export const DATABASE_FOLDER = 'postgres'
const PASSWORD_FILE = 'database-password'
const SUPERUSER = 'postgres'
const OWNER = 'gleaner'
/** What connections of the API become: held by row-level security, as the owner is not. */
const TENANT = `${OWNER}_tenant`
/** The same for API keys that are bound to projects. */
const PROJECT = `${OWNER}_project`

/** Starts the embedded PostgreSQL on the data folder, creating its files and our role and database first if need be. */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const { dataDir, log, settings } = options
  const databaseFolder = path.join(dataDir, options.folderName ?? DATABASE_FOLDER)
  const runAs = chooseRunAs(databaseFolder, options.user)
  const binaries = options.binaries
    ? describe(options.binaries, runAs)
    : await prepareBinaries({ runAs, dataDir, log })
  const password = await readPassword(dataDir)
  await stopOrphans({
    databaseFolder,
    runAs,
    log,
    ...(options.socketFolder && { keepFolder: options.socketFolder }),
  })
  const socketFolder = options.socketFolder ?? (await createSocketFolder(runAs))
  let serverLog: ServerLog | undefined
  let server: ServerProcess | undefined
  try {
    const isDurable = settings?.fsync !== 'off'
    await initialize({
      binaries,
      databaseFolder,
      runAs,
      superuser: SUPERUSER,
      password,
      privateFolder: socketFolder,
      isDurable,
    })
    serverLog = await openServerLog(path.join(dataDir, 'postgres.log'))
    const args = toArguments(socketFolder, settings)
    server = await startServerProcess({
      binaries: binaries.folder,
      databaseFolder,
      socketFolder,
      args,
      runAs,
      logFd: serverLog.fd,
      log,
    })
    if (!(await server.waitUntilReady())) {
      throw startFailure('did not start', databaseFolder, await serverLog.lastLines(12), serverLog.path)
    }
    const adminConnection = { host: socketFolder, port: 5432, password, user: SUPERUSER, database: SUPERUSER }
    await createOwner(adminConnection)
    return face(server, serverLog, {
      connection: ownerConnection(socketFolder, password),
      adminConnection,
      version: binaries.version,
      socketFolder,
    })
  } catch (thrown) {
    await server?.stop()
    await serverLog?.close()
    if (!options.socketFolder) await removeSocketFolder(socketFolder)
    throw thrown
  }
}

/** How a server is reached that another process has started on this data folder; undefined while it is not ready. */
export async function findRunning(dataDir: string): Promise<EmbeddedConnection | undefined> {
  const running = readPostmasterFile(path.join(dataDir, DATABASE_FOLDER))
  if (!running?.isReady) return undefined
  const password = await readFile(path.join(dataDir, PASSWORD_FILE), 'utf8')
  return ownerConnection(running.socketFolder, password.trim())
}

function ownerConnection(socketFolder: string, password: string): EmbeddedConnection {
  return { host: socketFolder, port: 5432, password, user: OWNER, database: OWNER }
}

type Facts = Pick<EmbeddedServer, 'connection' | 'adminConnection' | 'version' | 'socketFolder'>

function face(server: ServerProcess, serverLog: ServerLog, facts: Facts): EmbeddedServer {
  return {
    ...facts,
    pid: server.pid,
    exited: server.exited.finally(() => serverLog.close()),
    async stop() {
      await server.stop()
      await removeSocketFolder(facts.socketFolder)
    },
  }
}

/** Made once and kept; it guards the socket against other programs of the same user. */
async function readPassword(dataDir: string): Promise<string> {
  const file = path.join(dataDir, PASSWORD_FILE)
  const kept = await readFile(file, 'utf8').catch(() => '')
  if (kept !== '') return kept.trim()
  const password = randomBytes(24).toString('hex')
  await writeFile(`${file}.new`, password, { mode: 0o600 })
  await rename(`${file}.new`, file)
  return password
}

/** The application's role owns its database and nothing else; repeating an interrupted first start finds the rest to do. */
async function createOwner(adminConnection: EmbeddedConnection): Promise<void> {
  const client = new pg.Client({ ...adminConnection, connectionTimeoutMillis: CONNECT_WITHIN_MS })
  client.on('error', () => {})
  await client.connect()
  try {
    const exists = async (text: string) => (await client.query(text, [OWNER])).rows.length > 0
    if (!(await exists('select 1 from pg_roles where rolname = $1'))) {
      await client.query(`create role ${OWNER} login password '${adminConnection.password}'`)
    }
    if (!(await exists('select 1 from pg_database where datname = $1'))) {
      await client.query(`create database ${OWNER} owner ${OWNER}`)
    }
    for (const role of [TENANT, PROJECT]) {
      if ((await client.query('select 1 from pg_roles where rolname = $1', [role])).rows.length > 0) continue
      await client.query(`create role ${role} nologin; grant ${role} to ${OWNER}`)
    }
    await client.query(`grant ${TENANT} to ${PROJECT}`)
  } finally {
    await client.end()
  }
  await prepareDatabase({ ...adminConnection, database: OWNER })
}

async function prepareDatabase(connection: EmbeddedConnection): Promise<void> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: CONNECT_WITHIN_MS })
  client.on('error', () => {})
  await client.connect()
  try {
    await letLikeUseIndexes(client)
  } finally {
    await client.end()
  }
}
