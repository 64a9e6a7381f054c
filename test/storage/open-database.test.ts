import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { findFreePort } from '../../src/plugins/process/find-free-port.ts'
import { type OpenOptions, openDatabase } from '../../src/storage/index.ts'
import { createEmptyDatabase } from '../support/database.ts'
import { startOldServer } from '../support/old-server.ts'
import { silentLog } from '../support/silent-log.ts'

const parent = await mkdtemp(path.join(os.tmpdir(), 'gleaner-open-'))
const test = await createEmptyDatabase()
afterAll(async () => {
  await test.drop()
  await rm(parent, { recursive: true })
})

async function givenMigrations(name: string, files: Record<string, string>): Promise<string> {
  const folder = path.join(parent, name)
  await mkdir(folder)
  for (const [file, text] of Object.entries(files)) await writeFile(path.join(folder, file), text)
  return folder
}

const migrations = await givenMigrations('migrations', { '0001_note.sql': 'create table note (id int);' })
const open = (options: Partial<OpenOptions>) =>
  openDatabase({ dataDir: path.join(parent, '.gleaner'), migrations, log: silentLog, waitMs: 0, ...options })

/** The address of the test server as an operator would write it. */
const testUrl =
  'connectionString' in test.connection
    ? test.connection.connectionString
    : `postgresql://${test.connection.user}:${test.connection.password}@localhost/${test.connection.database}?host=${test.connection.host}`

const databaseName = new URL(testUrl).pathname.slice(1)

function testUrlWith(parts: { username?: string; password?: string; pathname?: string }): string {
  return Object.assign(new URL(testUrl), parts).href
}

it('brings up the embedded database, migrated, and again with what was written', async () => {
  const first = await open({})
  await first.database.query('insert into note values (1)')
  await first.close()
  const second = await open({})
  const notes = await second.database.query('select id from note')
  await second.close()
  expect([first.kind, notes]).toEqual(['embedded', [{ id: 1 }]])
})

it('uses an external database, and lets several processes share its data folder', async () => {
  const [first, second] = [await open({ databaseUrl: testUrl }), await open({ databaseUrl: testUrl })]
  await first.database.query('insert into note values (2)')
  const notes = await second.database.query('select id from note')
  await first.close()
  await second.close()
  expect([first.kind, notes]).toEqual(['external', [{ id: 2 }]])
})

it('refuses an embedded database that a newer release has migrated, and lets go of its folder', async () => {
  const newer = await givenMigrations('newer', {
    '0001_note.sql': 'create table note (id int);',
    '0002_more.sql': 'create table more (id int);',
  })
  const dataDir = path.join(parent, 'newer-data')
  const opened = await open({ dataDir, migrations: newer })
  await opened.close()
  await expect(open({ dataDir })).rejects.toMatchObject({ code: 'ERROR_DATABASE_TOO_NEW' })
  const again = await open({ dataDir, migrations: newer })
  await again.close()
})

it('names host and port of a database that cannot be reached, and not the password', async () => {
  const port = await findFreePort()
  const failing = open({ databaseUrl: `postgresql://me:hunter2@127.0.0.1:${port}/inventory` })
  await expect(failing).rejects.toMatchObject({
    code: 'ERROR_DATABASE_UNAVAILABLE',
    message: expect.stringMatching(
      new RegExp(`127\\.0\\.0\\.1:${port}/inventory does not answer: .*ECONNREFUSED`),
    ),
  })
  await expect(failing).rejects.not.toThrow('hunter2')
})

it('waits for a database that comes up a little later', async () => {
  const port = await findFreePort()
  const opening = open({ databaseUrl: `postgresql://me:x@127.0.0.1:${port}/inventory`, waitMs: 30_000 })
  const server = await startOldServer('14.9', port)
  await expect(opening).rejects.toMatchObject({ code: 'ERROR_DATABASE_TOO_OLD' })
  await server.close()
})

it('refuses a server that is too old, with both versions', async () => {
  const server = await startOldServer('14.9')
  await expect(
    open({ databaseUrl: `postgresql://me:x@127.0.0.1:${server.port}/inventory` }),
  ).rejects.toMatchObject({
    code: 'ERROR_DATABASE_TOO_OLD',
    message: expect.stringMatching(/is PostgreSQL 14\.9; Gleaner needs 15 or newer/),
  })
  await server.close()
})

it('reports a refused login at once', async () => {
  await expect(
    open({ databaseUrl: testUrlWith({ password: 'guessed' }), waitMs: 60_000 }),
  ).rejects.toMatchObject({
    code: 'ERROR_DATABASE_REFUSED',
    message: expect.stringMatching(/password authentication failed.*DATABASE_URL/s),
  })
})

it('refuses a database that does not store Unicode', async () => {
  const name = `${databaseName}_latin`
  await test.db.query(
    `create database ${name} template template0 encoding 'LATIN1' locale 'C' locale_provider libc`,
  )
  const refused = open({ databaseUrl: testUrlWith({ pathname: name }) })
  await expect(refused).rejects.toMatchObject({ code: 'ERROR_DATABASE_ENCODING' })
  await test.db.query(`drop database ${name} with (force)`)
})

it('says what a user lacks who may not create tables', async () => {
  const empty = await createEmptyDatabase()
  const [{ name } = { name: '' }] = await empty.db.query<{ name: string }>(
    'select current_database() as name',
  )
  await empty.db.query(`create role ${name} login password 'guest'`)
  const refused = open({ databaseUrl: testUrlWith({ username: name, password: 'guest', pathname: name }) })
  await expect(refused).rejects.toMatchObject({
    code: 'ERROR_DATABASE_PERMISSION',
    message: expect.stringContaining('grant it create on schema public'),
  })
  await empty.db.query(`drop role ${name}`)
  await empty.drop()
})

it.each([
  'postgresql://me:hunter2@[broken/inventory',
  'postgres//me:hunter2@localhost/inventory',
  'mysql://me:hunter2@localhost/inventory',
])(
  'says how an address is written when it cannot read one, without repeating it: %s',
  async (databaseUrl) => {
    const failing = open({ databaseUrl })
    await expect(failing).rejects.toMatchObject({ code: 'ERROR_DATABASE_URL' })
    await expect(failing).rejects.not.toThrow('hunter2')
  },
)
