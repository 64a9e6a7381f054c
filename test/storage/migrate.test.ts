import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { migrate } from '../../src/storage/index.ts'
import { createEmptyDatabase, type TestDatabase } from '../support/database.ts'
import { silentLog } from '../support/silent-log.ts'

const folders: string[] = []
const databases: TestDatabase[] = []
afterAll(async () => {
  for (const database of databases) await database.drop()
  for (const folder of folders) await rm(folder, { recursive: true })
})

const first = { '0001_first.sql': 'create table first (id int);\ninsert into first values (1);' }
const second = { '0002_second.sql': 'create table second as select id + 1 as id from first;' }

/** A database without tables and a way to migrate it by the given files. */
async function givenDatabase() {
  const database = await createEmptyDatabase()
  databases.push(database)
  return {
    db: database.db,
    async migrate(files: Record<string, string>) {
      const folder = await mkdtemp(path.join(os.tmpdir(), 'gleaner-migrations-'))
      folders.push(folder)
      for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text)
      await migrate({ connection: database.connection, folder, log: silentLog })
    },
  }
}

it('applies files in order, once, and records them', async () => {
  const { db, migrate } = await givenDatabase()
  await migrate({ ...second, ...first, 'notes.txt': 'not sql' })
  await migrate({ ...first, ...second })
  expect(await db.query('select id from second')).toEqual([{ id: 2 }])
  const applied = await db.query(
    'select version, name, length(checksum) as n, applied_at <= now() as done from schema_migration',
  )
  expect(applied).toEqual([
    { version: 1, name: 'first', n: 64, done: true },
    { version: 2, name: 'second', n: 64, done: true },
  ])
})

it('applies each file once when servers start together', async () => {
  const { db, migrate } = await givenDatabase()
  await Promise.all([1, 2, 3, 4].map(() => migrate({ ...first, ...second })))
  expect(await db.query('select count(*) as n from first')).toEqual([{ n: 1 }])
})

it('rolls a failing file back wholly and keeps the earlier ones', async () => {
  const { db, migrate } = await givenDatabase()
  const broken = { '0002_broken.sql': 'create table half (id int); select no_such_column from half;' }
  await expect(migrate({ ...first, ...broken })).rejects.toMatchObject({
    code: 'ERROR_MIGRATION_FAILED',
    message: expect.stringMatching(/0002_broken\.sql failed: .*no_such_column.*stays at version 1/s),
  })
  expect(await db.query("select to_regclass('half') as half")).toEqual([{ half: null }])
  await migrate({ ...first, ...second })
  expect(await db.query('select id from second')).toEqual([{ id: 2 }])
})

it('refuses a database that a newer release has used', async () => {
  const { migrate } = await givenDatabase()
  await migrate({ ...first, ...second })
  await expect(migrate(first)).rejects.toMatchObject({
    code: 'ERROR_DATABASE_TOO_NEW',
    message: expect.stringMatching(/is at version 2.*knows versions up to 1.*Start that newer release/s),
  })
})

it('refuses when an applied file has changed, but not for its line ends', async () => {
  const { migrate } = await givenDatabase()
  await migrate(first)
  await migrate({ '0001_first.sql': first['0001_first.sql'].replaceAll('\n', '\r\n') })
  await expect(migrate({ '0001_first.sql': 'create table other (id int);' })).rejects.toMatchObject({
    code: 'ERROR_MIGRATION_CHANGED',
    message: expect.stringContaining('0001_first.sql was changed'),
  })
})

it('refuses when an applied file was removed', async () => {
  const { migrate } = await givenDatabase()
  await migrate({ ...first, ...second })
  const third = { '0003_third.sql': 'select 1;' }
  await expect(migrate({ ...first, ...third })).rejects.toMatchObject({
    code: 'ERROR_MIGRATION_CHANGED',
    message: expect.stringContaining('0002_second.sql was removed'),
  })
})

it('refuses two files with one number', async () => {
  const { migrate } = await givenDatabase()
  await expect(migrate({ ...first, '0001_twin.sql': '' })).rejects.toThrow(
    'two migrations have the number 0001',
  )
})
