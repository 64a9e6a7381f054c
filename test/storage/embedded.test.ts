import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { createSocketFolder, removeSocketFolder } from '../../src/storage/embedded/socket-folder.ts'
import { type EmbeddedServer, startEmbedded } from '../../src/storage/embedded/start-embedded.ts'
import { assertFreeSpace } from '../../src/storage/free-space.ts'
import { createDatabase } from '../../src/storage/index.ts'
import { isAlive } from '../support/processes.ts'
import { silentLog } from '../support/silent-log.ts'

/** One data folder for all tests of this file: making one costs a second. */
const dataDir = await mkdtemp(path.join(os.tmpdir(), 'gleaner-embedded-'))
afterAll(() => rm(dataDir, { recursive: true }))

const start = (options = {}) => startEmbedded({ dataDir, log: silentLog, ...options })

async function ask(server: EmbeddedServer, text: string) {
  const db = createDatabase({ connection: server.connection, log: silentLog })
  return db.query(text).finally(() => db.close())
}

it('makes the files again when their making was interrupted', async () => {
  await mkdir(path.join(dataDir, 'postgres.new'))
  await writeFile(path.join(dataDir, 'postgres.new', 'half'), '')
  const server = await start()
  expect(await ask(server, 'select 1 as one')).toEqual([{ one: 1 }])
  await server.stop()
})

it('runs durable, private, as a role that is no superuser, and leaves nothing behind', async () => {
  const server = await start()
  const names = [
    'fsync',
    'full_page_writes',
    'synchronous_commit',
    'data_checksums',
    'listen_addresses',
    'ssl',
    'server_encoding',
  ]
  const settings = await ask(
    server,
    `select ${names.map((name) => `current_setting('${name}') as ${name}`).join(', ')}`,
  )
  expect(settings[0]).toMatchObject({
    fsync: 'on',
    fullPageWrites: 'on',
    synchronousCommit: 'on',
    dataChecksums: 'on',
  })
  expect(settings[0]).toMatchObject({ listenAddresses: '', ssl: 'off', serverEncoding: 'UTF8' })
  expect(
    await ask(server, 'select rolsuper, rolcreaterole from pg_roles where rolname = current_user'),
  ).toEqual([{ rolsuper: false, rolcreaterole: false }])
  expect(await ask(server, "select lower('ÄÉ') as low, 'Z' < 'a' as by_code_point")).toEqual([
    { low: 'äé', byCodePoint: true },
  ])
  expect((await stat(server.socketFolder)).mode & 0o777).toBe(0o700)
  expect((await stat(path.join(dataDir, 'database-password'))).mode & 0o777).toBe(0o600)
  await server.stop()
  expect([isAlive(server.pid), existsSync(server.socketFolder)]).toEqual([false, false])
})

it('asks for the password even on its own socket', async () => {
  const server = await start()
  const db = createDatabase({ connection: { ...server.connection, password: 'guessed' }, log: silentLog })
  await expect(db.query('select 1')).rejects.toThrow('password authentication failed')
  await db.close()
  await server.stop()
})

it('keeps what was committed when the server is killed', async () => {
  const first = await start()
  await ask(first, 'create table kept as select 1 as id')
  process.kill(first.pid, 'SIGKILL')
  expect(await first.exited).toEqual({ code: null, signal: 'SIGKILL' })
  const second = await start()
  expect(await ask(second, 'select id from kept')).toEqual([{ id: 1 }])
  expect(existsSync(first.socketFolder)).toBe(false)
  await second.stop()
})

it('refuses files of another PostgreSQL and says both versions', async () => {
  const server = await start()
  await server.stop()
  const file = path.join(dataDir, 'postgres', 'PG_VERSION')
  const release = await readFile(file)
  await writeFile(file, '16\n')
  await expect(start()).rejects.toMatchObject({
    code: 'ERROR_DATA_FOLDER_DATABASE_VERSION',
    message: expect.stringMatching(/written by PostgreSQL 16, this Gleaner brings PostgreSQL \d+\.\d+/),
  })
  await writeFile(file, release)
})

it('shows what the server said when it cannot start, and leaves nothing behind', async () => {
  const failing = start({ settings: { shared_buffers: 'plenty' } })
  await expect(failing).rejects.toMatchObject({
    code: 'ERROR_DATABASE_START',
    message: expect.stringMatching(/did not start.*postgres\.log.*shared_buffers.*plenty/s),
  })
})

it('bounds its log', async () => {
  await writeFile(path.join(dataDir, 'postgres.log'), 'x'.repeat(5 * 1024 * 1024))
  const server = await start()
  await server.stop()
  expect((await stat(path.join(dataDir, 'postgres.log'))).size).toBeLessThan(1024 * 1024)
  expect((await stat(path.join(dataDir, 'postgres.log.1'))).size).toBe(5 * 1024 * 1024)
  expect(await readFile(path.join(dataDir, 'postgres.log'), 'utf8')).toContain('database system is ready')
})

it('writes no values of rows into its log', async () => {
  const server = await start()
  await ask(server, 'create table secret (content text primary key)')
  const db = createDatabase({ connection: server.connection, log: silentLog })
  await db.query('insert into secret values ($1)', ['hunter2'])
  await expect(db.query('insert into secret values ($1)', ['hunter2'])).rejects.toThrow('duplicate key')
  await db.close()
  await server.stop()
  const log = await readFile(path.join(dataDir, 'postgres.log'), 'utf8')
  expect([log.includes('duplicate key'), log.includes('hunter2')]).toEqual([true, false])
})

it('puts its socket where the path is short enough', async () => {
  const long = path.join(dataDir, 'x'.repeat(80))
  await mkdir(long)
  const folders = [await createSocketFolder(undefined, long), await createSocketFolder(undefined, dataDir)]
  expect(folders.map((folder) => path.dirname(folder))).toEqual(['/tmp', dataDir])
  for (const folder of folders) await removeSocketFolder(folder)
})

it('does not begin on a disk that is nearly full', async () => {
  await expect(assertFreeSpace(dataDir, Number.MAX_SAFE_INTEGER)).rejects.toMatchObject({
    code: 'ERROR_DISK_FULL',
    message: expect.stringMatching(/has \d+ MB free.*GLEANER_DATA_DIR/s),
  })
  await assertFreeSpace(dataDir, 1)
})
