import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, onTestFinished } from 'vitest'
import { backUp, type Manifest, restore } from '../../src/backup/index.ts'
import type { Database } from '../../src/storage/index.ts'
import { addressOf } from '../support/app.ts'
import { createEmptyDatabase, type TestDatabase } from '../support/database.ts'
import { silentLog } from '../support/silent-log.ts'

export const MIGRATIONS = join(import.meta.dirname, '../../migrations')

/** A folder that is removed after the tests of the file. */
export function givenFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-backup-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Rows in tables of every make: generated and identity columns, arrays, documents, bytes, nulls, and what has broken escaping. */
export async function fillSome(db: Database, domainId: string): Promise<void> {
  await db.query('insert into domain (domain_id, name, created_at) values ($1, $2, now())', [
    domainId,
    NASTY.join(),
  ])
  await db.query(
    `insert into cloud_service (domain_id, cloud_service_id, name, provider, cloud_service_group, cloud_service_type, resource_id,
                                instance_size, ip_addresses, created_at, updated_at, tags, data)
     select $1, 'cloud-svc-' || lpad(to_hex(nextval('resource_number')), 12, '0'), name, 'acme', 'Compute', 'Server', 'r-' || at,
            case when at % 2 = 0 then 0.1 * at end, array[name, '', 'null'], now(), clock_timestamp(),
            jsonb_build_object('acme', jsonb_build_object(name, at)),
            jsonb_build_object('big', 12345678901234567890123.4567890123456789, 'text', repeat(name, 3000), 'none', null)
       from unnest($2::text[]) with ordinality as t (name, at)`,
    [domainId, NASTY],
  )
  const [contributor] = await db.query<{ id: number }>(
    `insert into contributor (domain_id, collector_id, next_slot) values ($1, 'collector-1', 10) returning contributor_id as id`,
    [domainId],
  )
  // Its trigger writes a page of the roster.
  await db.query(
    `insert into contribution (domain_id, contributor_id, slot, kind, target_id, memo, content_hash, first_seq, changed_seq)
     select domain_id, $2, row_number() over () - 1, 1, cloud_service_id, gen_random_uuid(), gen_random_uuid(), 1, 1
       from cloud_service where domain_id = $1`,
    [domainId, contributor?.id],
  )
  await db.query(
    `insert into event (domain_id, position, type, created_at, resource_ids) values ($1, 1, 'cloud_service.created', now(), array['a', 'b'])`,
    [domainId],
  )
  await db.query('insert into event_head (domain_id, last_position) values ($1, 1)', [domainId])
  await db.query(
    `insert into master_key (version, fingerprint, state, created_at) values (1, repeat('ab', 16), 'CURRENT', now()) on conflict do nothing`,
  )
}

const NASTY = ['', 'null', '\\N', '\\.', '"', '{a,b}', '\n\r\t\u0001', 'äß€😀', "'; drop table domain; --"]

/** Backs up into a folder that is not there yet. */
export async function backUpInto(
  { connection }: Pick<TestDatabase, 'connection'>,
  folder: string,
  options: Partial<Parameters<typeof backUp>[0]> = {},
): Promise<Manifest> {
  return await backUp({
    connection,
    folder,
    postgres: '18.0',
    gleaner: '0.1.0',
    migrations: MIGRATIONS,
    onProgress: () => {},
    ...options,
  })
}

export async function restoreInto(
  { connection }: Pick<TestDatabase, 'connection'>,
  folder: string,
  options: Partial<Parameters<typeof restore>[0]> = {},
): Promise<Manifest> {
  return await restore({
    folder,
    databaseUrl: addressOf(connection),
    dataDir: folder,
    migrations: MIGRATIONS,
    log: silentLog,
    onProgress: () => {},
    ...options,
  })
}

/** A database in which nothing is, for the time of one test. */
export async function givenTarget(): Promise<TestDatabase> {
  const target = await createEmptyDatabase()
  onTestFinished(target.drop)
  return target
}
