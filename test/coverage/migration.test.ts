import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { cellOf } from '../../src/inventory/cell.ts'
import { CLOUD_SERVICE, CLOUD_SERVICE_TYPE } from '../../src/inventory/kinds.ts'
import { migrate } from '../../src/storage/index.ts'
import { createEmptyDatabase } from '../support/database.ts'
import { listFalseClaims } from '../support/false-claims.ts'
import { silentLog } from '../support/silent-log.ts'

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url))
const { db, connection, drop } = await createEmptyDatabase()
const folder = await mkdtemp(path.join(tmpdir(), 'gleaner-migrations-'))
afterAll(async () => {
  await drop()
  await rm(folder, { recursive: true })
})

const NAMES = {
  provider: 'acme',
  cloud_service_group: 'Störe',
  cloud_service_type: 'Bucket',
  account: '',
  region_code: 'eu-1',
}

test('claims from before there were cells get the cell of what their contributor says', async () => {
  await migrateTo(10)
  await db.query(`insert into domain (domain_id, name, created_at) values ('d', 'd', now())`)
  await db.query(
    `insert into cloud_service (domain_id, cloud_service_id, provider, cloud_service_group, cloud_service_type, region_code, created_at, updated_at)
     values ('d', 'c', 'acme', 'Störe', 'Bucket', 'eu-1', now(), now())`,
  )
  for (const [collector, document] of [
    ['one', null],
    ['two', { ...NAMES, region_code: 'us-1' }],
    ['', { name: 'by hand' }],
  ] as const) {
    await db.query(
      `with who as (insert into contributor (domain_id, collector_id) values ('d', $1) returning contributor_id)
       insert into contribution (domain_id, contributor_id, slot, kind, target_id, memo, content_hash, document, first_seq, changed_seq)
       select 'd', contributor_id, 0, 1, 'c', gen_random_uuid(), gen_random_uuid(), $2, 1, 1 from who`,
      [collector, document === null ? null : JSON.stringify(document)],
    )
  }

  await migrateTo(11)

  const rows = await db.query(
    'select collector_id, cell from contribution join contributor using (domain_id, contributor_id) order by collector_id',
  )
  expect(rows).toEqual([
    { collectorId: '', cell: null },
    { collectorId: 'one', cell: cellOf(CLOUD_SERVICE, NAMES) },
    { collectorId: 'two', cell: cellOf(CLOUD_SERVICE, { ...NAMES, region_code: 'us-1' }) },
  ])
  expect(cellOf(CLOUD_SERVICE_TYPE, NAMES)).toBeNull()
})

test('claims from before there were rosters are in them', async () => {
  await migrateTo(75)

  const pages = await db.query<{ collectorId: string; isBase: boolean; bytes: number }>(
    `select collector_id, is_base, octet_length(entries) as bytes
       from roster_page join contributor using (domain_id, contributor_id) order by collector_id`,
  )
  expect(pages).toEqual([
    { collectorId: 'one', isBase: true, bytes: 30 },
    { collectorId: 'two', isBase: true, bytes: 30 },
  ])
  expect(await listFalseClaims(db)).toEqual([])
})

test('history that earlier versions wrote is not asked for: it begins with the upgrade', async () => {
  await migrateTo(86)
  await db.query(`insert into domain (domain_id, name, created_at) values ('new', 'new', now())`)
  await migrateTo(87)

  const domains = await db.query(
    'select domain_id, history_since > created_at as later from domain order by domain_id',
  )
  expect(domains).toEqual([
    { domainId: 'd', later: true },
    { domainId: 'new', later: null },
  ])
})

test('what is known of completeness and of retirements stays known', async () => {
  await migrateTo(90)
  await db.query(`update contributor set not_listed = 0 where collector_id = 'one'`)
  await db.query(
    `update contributor set not_listed = 3, retired_at = '2026-01-01T00:00:00Z' where collector_id = 'two'`,
  )
  await db.query(
    `insert into claim_state (domain_id, contributor_id, epoch)
     select domain_id, contributor_id, 'now' from contributor where collector_id = 'one'`,
  )

  await migrateTo(91)

  const states = await db.query(
    `select collector_id, epoch, not_listed, is_lost, retired_at
       from claim_state join contributor using (domain_id, contributor_id) order by collector_id`,
  )
  expect(states).toEqual([
    { collectorId: 'one', epoch: 'now', notListed: 0, isLost: false, retiredAt: null },
    { collectorId: 'two', epoch: '', notListed: 3, isLost: true, retiredAt: new Date('2026-01-01') },
  ])
})

async function migrateTo(version: number): Promise<void> {
  for (const file of await readdir(MIGRATIONS)) {
    if (Number(file.slice(0, 4)) <= version) await cp(path.join(MIGRATIONS, file), path.join(folder, file))
  }
  await migrate({ connection, folder, log: silentLog })
}
