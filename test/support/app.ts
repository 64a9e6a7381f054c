import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type App, type AppOptions, startApp } from '../../src/app.ts'
import { readConfig } from '../../src/config/index.ts'
import type { Connection } from '../../src/storage/index.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'
import { silentLog } from './silent-log.ts'

export type TestAppOptions = Partial<Pick<AppOptions, 'authorize' | 'log' | 'plugins'>> & {
  /** Flags of the server beside those that give it free ports and an empty inventory. */
  readonly args?: readonly string[]
  /** Variables of the environment: what must not stand in a command line. */
  readonly env?: Readonly<Record<string, string>>
  /** Runs on the migrated database before the server starts. */
  readonly given?: (database: TestDatabase) => Promise<void>
}

export type TestApp = {
  readonly app: App
  readonly database: TestDatabase
  readonly dataDir: string
  /** Of REST, without a slash at the end. */
  readonly url: string
  readonly grpcAddress: string
  stop(): Promise<void>
}

/**
 * The whole server in this process, as `main.ts` composes it, on a cloned database and a data folder of its
 * own.
 */
export async function startTestApp({
  args = [],
  authorize,
  env = {},
  given,
  log = silentLog,
  plugins = [],
}: TestAppOptions = {}) {
  const database = await createTestDatabase()
  await given?.(database)
  const dataDir = mkdtempSync(join(tmpdir(), 'gleaner-app-'))
  const ports = ['--http-port', '0', '--grpc-port', '0']
  const config = readConfig({
    args: ['--data-dir', dataDir, '--first-inventory', 'false', ...ports, ...args],
    env: { ...env, DATABASE_URL: addressOf(database.connection) },
    root: dataDir,
  })
  // The clone may lie where another user cannot read; what is tested with this is not the change of user.
  const app = await startApp({
    config,
    log,
    plugins,
    pluginSettings: { dropPrivileges: false, startTimeoutMs: 120_000, connectTimeoutMs: 60_000 },
    ...(authorize && { authorize }),
  })
  return {
    app,
    database,
    dataDir,
    url: `http://127.0.0.1:${app.ports?.httpPort}`,
    grpcAddress: `127.0.0.1:${app.ports?.grpcPort}`,
    async stop() {
      await app.stop()
      await database.drop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  } satisfies TestApp
}

/** The test server is reached by its socket folder, which an address carries as a parameter. */
export function addressOf(connection: Connection): string {
  if ('connectionString' in connection) return connection.connectionString
  const { host, port, user, password, database } = connection
  const credentials = `${encodeURIComponent(user)}:${encodeURIComponent(password)}`
  return `postgresql://${credentials}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`
}
