import { randomUUID } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { verifyBackup } from '../../src/backup/index.ts'
import { migrate, readMigrations } from '../../src/storage/index.ts'
import { fingerprint } from '../conformance/fingerprint.ts'
import { addressOf } from '../support/app.ts'
import { createEmptyDatabase, createTestDatabase } from '../support/database.ts'
import { listFalseClaims } from '../support/false-claims.ts'
import { untilSomebodyWaits } from '../support/lock-waits.ts'
import { silentLog } from '../support/silent-log.ts'
import { backUpInto, fillSome, givenFolder, givenTarget, MIGRATIONS, restoreInto } from './support.ts'

const folder = givenFolder()
const source = await createTestDatabase()
afterAll(source.drop)
await fillSome(source.db, 'domain-a')
await fillSome(source.db, 'domain-b')

/** What a restore moves on, so that nobody takes what is new for what was lost. */
const MOVED = ['event', 'event_head', 'webhook']

const withoutMoved = (hashes: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(hashes).filter(([table]) => !MOVED.includes(table) && table !== 'schema_migration'),
  )

async function schemaOf(db: typeof source.db) {
  return await db.query(`
    select indexdef as text from pg_indexes where schemaname = 'public'
    union all select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint where connamespace = 'public'::regnamespace
    union all select tgrelid::regclass || ' ' || tgname || ' ' || tgenabled::text from pg_trigger where not tgisinternal
    order by 1`)
}

test('what is restored into an empty database is what was there, table by table, without what is of others', async () => {
  const target = await givenTarget()
  await source.db.query('create table their_table as select 1 as one')
  await target.db.query('create table their_table as select 2 as two')
  const backup = join(folder, 'whole')
  const manifest = await backUpInto(source, backup)
  await source.db.query('drop table their_table')
  await restoreInto(target, backup)
  const [theirs] = await target.db.query('select * from their_table')
  await target.db.query('drop table their_table')

  expect(theirs).toEqual({ two: 2 })
  expect(withoutMoved(await fingerprint(target.db))).toEqual(withoutMoved(await fingerprint(source.db)))
  expect(manifest.tables.find(({ name }) => name === 'cloud_service')?.rows).toBe(18)
  expect(await schemaOf(target.db)).toEqual(await schemaOf(source.db))
  expect(await listFalseClaims(target.db)).toEqual([])
  const found = await target.db.query(
    `select count(*) as found from cloud_service where keywords like '%äß€😀%' and domain_id = 'domain-a'`,
  )
  expect(found).toEqual([{ found: 1 }])
  await target.db.query(
    `insert into contributor (domain_id, collector_id, next_slot) values ('domain-a', 'collector-2', 0)`,
  )
  // A reader who has heard of what was lost hears that it is, and no resource gets the number of a lost one.
  const [head] = await target.db.query(
    `select last_position, removed_position from event_head where domain_id = 'domain-a'`,
  )
  const events = await target.db.query(`select position from event where domain_id = 'domain-a'`)
  const [next] = await target.db.query(`select nextval('resource_number') > 4294967296 as is_new`)
  expect(head).toEqual({ lastPosition: 1_000_000_001, removedPosition: 1_000_000_000 })
  expect(events).toEqual([{ position: 1_000_000_001 }])
  expect(next).toEqual({ isNew: true })
})

test('it holds one instant, whatever is written while it is made', async () => {
  const target = await givenTarget()
  const backup = join(folder, 'instant')
  const before = withoutMoved(await fingerprint(source.db))
  let backingUp: Promise<unknown> = Promise.resolve()
  await source.db.transaction(async (tx) => {
    await tx.query('lock table region in access exclusive mode')
    backingUp = backUpInto(source, backup)
    // It waits for the table, and its instant is past.
    await untilSomebodyWaits(tx)
    await source.db.query(`insert into sighting values ('domain-a', 1, 1, 1, 1, 'x')`)
    await tx.query(
      `insert into region values ('domain-a', 'region-1', 'North', 'north', 'acme', '{}', now(), now())`,
    )
  })
  await backingUp
  await restoreInto(target, backup)

  expect(withoutMoved(await fingerprint(source.db))).not.toEqual(before)
  expect(withoutMoved(await fingerprint(target.db))).toEqual(before)
})

test('a table that a migration writes anew just then is not taken for an empty one', async () => {
  const backup = join(folder, 'rewritten')
  let backingUp: Promise<unknown> = Promise.resolve()
  await source.db.transaction(async (tx) => {
    await tx.query('alter table cloud_service add column more uuid default gen_random_uuid()')
    await tx.query('alter table cloud_service drop column more')
    backingUp = backUpInto(source, backup)
    backingUp.catch(() => {})
    await untilSomebodyWaits(tx)
  })
  await expect(backingUp).rejects.toMatchObject({ code: 'ERROR_DATABASE_CONFLICT', retryable: true })
  expect((await backUpInto(source, backup)).tables.find(({ name }) => name === 'cloud_service')?.rows).toBe(
    18,
  )
})

test('a role from which rows are hidden makes no backup without them', async () => {
  const role = `backup_${randomUUID().replaceAll('-', '')}`
  await source.db.query(`create role ${role} login password 'x'`)
  onTestFinished(async () => {
    await source.db.query(`drop owned by ${role}`)
    await source.db.query(`drop role ${role}`)
  })
  await source.db.query(`grant select on all tables in schema public to ${role}`)
  const address = new URL(addressOf(source.connection))
  address.username = role
  address.password = 'x'
  const connection = { connectionString: address.href }
  await expect(backUpInto({ connection }, join(folder, 'hidden'))).rejects.toThrow('is not their owner')
})

test('the keys that are kept with it are those that open its secrets', async () => {
  const backup = join(folder, 'keys')
  const key = { from: 'the key file', text: 'key\n' }
  for (const fingerprints of [[], ['cd'.repeat(16)]]) {
    await expect(backUpInto(source, backup, { masterKey: { ...key, fingerprints } })).rejects.toMatchObject({
      code: 'ERROR_MASTER_KEY',
      message: expect.stringContaining('the key file does not hold master key version 1'),
    })
  }
  await backUpInto(source, backup, { masterKey: { ...key, fingerprints: ['ab'.repeat(16)] } })
  expect(await readFile(join(backup, 'master.key'), 'utf8')).toBe('key\n')
})

test('a check of it can be interrupted', async () => {
  const stop = new AbortController()
  const checking = verifyBackup(join(folder, 'whole'), () => stop.abort(new Error('stopped')), stop.signal)
  await expect(checking).rejects.toThrow('stopped')
  const restoring = restoreInto(await givenTarget(), join(folder, 'whole'), {
    signal: AbortSignal.abort(new Error('stopped')),
  })
  await expect(restoring).rejects.toThrow('stopped')
})

test('it is closed to others, holds no key and no password, and can be checked with ordinary tools', async () => {
  const backup = join(folder, 'whole')
  const files = readdirSync(backup, { recursive: true, encoding: 'utf8' })
  const modes = files.map((file) => statSync(join(backup, file))).map((found) => found.mode & 0o077)
  expect(new Set([statSync(backup).mode & 0o077, ...modes])).toEqual(new Set([0]))
  expect(files).not.toContain('master.key')
  const sums = await readFile(join(backup, 'SHA256SUMS'), 'utf8')
  expect(sums.trim().split('\n').length).toBe(
    files.filter((file) => statSync(join(backup, file)).isFile()).length - 1,
  )
  const password = 'password' in source.connection ? source.connection.password : 'none'
  expect(await readFile(join(backup, 'manifest.json'), 'utf8')).not.toContain(password)
})

describe('a backup that is not whole is refused, with what is wrong', () => {
  const copyOf = async (name: string) => {
    const copy = join(folder, `damaged-${name.replaceAll('/', '-')}`)
    await cp(join(folder, 'whole'), copy, { recursive: true })
    return copy
  }

  test.each(['tables/cloud_service.copy.zst', 'tables/audit_head.copy.zst', 'manifest.json', 'SHA256SUMS'])(
    'one bit of %s is another one',
    async (name) => {
      const target = await givenTarget()
      const copy = await copyOf(name)
      const bytes = await readFile(join(copy, name))
      const middle = Math.floor(bytes.length / 2)
      bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle)
      await writeFile(join(copy, name), bytes)

      const refusal = { code: 'ERROR_BACKUP_DAMAGED' }
      await expect(verifyBackup(copy, () => {})).rejects.toMatchObject(refusal)
      await expect(restoreInto(target, copy)).rejects.toMatchObject(refusal)
      expect(
        await target.db.query(`select from pg_class where relnamespace = 'public'::regnamespace`),
      ).toEqual([])
    },
  )

  test('a file is missing, or was cut off', async () => {
    const copy = await copyOf('cut')
    await writeFile(join(copy, 'tables/domain.copy.zst'), '')
    await expect(verifyBackup(copy, () => {})).rejects.toThrow(
      'tables/domain.copy.zst is not what was written',
    )
    await expect(verifyBackup(folder, () => {})).rejects.toThrow('SHA256SUMS cannot be read')
  })

  test('a newer release has made it', async () => {
    const newer = join(folder, 'newer-migrations')
    await cp(MIGRATIONS, newer, { recursive: true })
    await writeFile(join(newer, '9999_more.sql'), 'create table more (domain_id text not null primary key);')
    const database = await createEmptyDatabase()
    await migrate({ connection: database.connection, folder: newer, log: silentLog })
    const backup = join(folder, 'newer')
    await backUpInto(database, backup, { migrations: newer, gleaner: '9.0.0' })
    await database.drop()

    await expect(restoreInto(await givenTarget(), backup)).rejects.toMatchObject({
      code: 'ERROR_BACKUP_TOO_NEW',
      message: expect.stringContaining('9.0.0'),
    })
  })
})

test('a backup of an older release is restored as it was, and can be migrated then', async () => {
  const older = (await readMigrations(MIGRATIONS)).slice(0, -5)
  const database = await createEmptyDatabase()
  await migrate({ connection: database.connection, folder: MIGRATIONS, log: silentLog, only: older })
  await fillSome(database.db, 'domain-old')
  const backup = join(folder, 'older')
  await backUpInto(database, backup)
  const before = withoutMoved(await fingerprint(database.db))
  await database.drop()

  const target = await givenTarget()
  await restoreInto(target, backup)
  expect(withoutMoved(await fingerprint(target.db))).toEqual(before)
  await migrate({ connection: target.connection, folder: MIGRATIONS, log: silentLog })
  const applied = await target.db.query('select version from schema_migration')
  expect(applied.length).toBe(older.length + 5)
})

describe('nothing is written', () => {
  test('into a database that holds something', async () => {
    const target = await createTestDatabase()
    await fillSome(target.db, 'domain-there')
    const before = await fingerprint(target.db)
    await expect(restoreInto(target, join(folder, 'whole'))).rejects.toMatchObject({
      code: 'ERROR_RESTORE_TARGET',
      message: expect.stringContaining('its table cloud_service has rows'),
    })
    expect(await fingerprint(target.db)).toEqual(before)
    await target.drop()
  })

  test('into a folder that holds something, or below one that is not there', async () => {
    const taken = join(folder, 'taken')
    await mkdir(taken)
    await writeFile(join(taken, 'diary'), 'x')
    await expect(backUpInto(source, taken)).rejects.toMatchObject({
      code: 'ERROR_BACKUP_FOLDER',
      message: expect.stringContaining("it holds 'diary' already"),
    })
    await expect(backUpInto(source, join(folder, 'unmounted', 'x'))).rejects.toThrow('unmounted is not there')
    await symlink(givenFolder(), join(folder, 'linked'))
    await expect(backUpInto(source, join(folder, 'linked'))).rejects.toThrow('it is a link')
    expect(readdirSync(taken)).toEqual(['diary'])
  })

  test('by one that is interrupted, and a second one may not write to the same folder', async () => {
    const backup = join(folder, 'interrupted')
    const stop = new AbortController()
    await source.db.transaction(async (tx) => {
      await tx.query('lock table region in access exclusive mode')
      const backingUp = backUpInto(source, backup, { signal: stop.signal })
      await untilSomebodyWaits(tx)
      await expect(backUpInto(source, backup)).rejects.toThrow('another backup is being written')
      stop.abort(new Error('stopped'))
      await expect(backingUp).rejects.toThrow('stopped')
    })
    expect(readdirSync(folder).filter((name) => name.startsWith('interrupted'))).toEqual([])
  })

  test('from a database on which no Gleaner was', async () => {
    const target = await givenTarget()
    await expect(backUpInto(target, join(folder, 'nothing'))).rejects.toMatchObject({
      code: 'ERROR_DATABASE_MISSING',
    })
  })
})

test('a draft that was left behind is written anew, unless it holds what is not ours', async () => {
  const backup = join(folder, 'again')
  await mkdir(join(`${backup}.partial`, 'tables'), { recursive: true })
  await writeFile(join(`${backup}.partial`, 'tables', 'domain.copy.zst'), 'half')
  await backUpInto(source, backup)
  await verifyBackup(backup, () => {})
  expect(statSync(backup).mode & 0o777).toBe(0o700)
  const other = join(folder, 'other')
  await mkdir(`${other}.partial`)
  await writeFile(join(`${other}.partial`, 'diary'), 'x')
  await expect(backUpInto(source, other)).rejects.toThrow("holds 'diary', which is none of ours")
  const led = join(folder, 'led')
  await symlink(givenFolder(), `${led}.partial`)
  await expect(backUpInto(source, led)).rejects.toThrow('is there and is no folder')
})
