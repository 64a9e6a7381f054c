import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { fromJson } from '@bufbuild/protobuf'
import pg from 'pg'
import { afterAll, expect, it } from 'vitest'
import type { Context } from '../../../src/access/index.ts'
import { QuerySchema } from '../../../src/gen/spaceone/api/core/v1/query_pb.ts'
import { listCloudServices } from '../../../src/inventory/index.ts'
import { createDatabase, type Database, migrate, withDatabase } from '../../../src/storage/index.ts'
import { createEmptyDatabase } from '../../support/database.ts'
import { silentLog } from '../../support/silent-log.ts'
import { givenDomain } from './given.ts'

const MIGRATIONS = path.join(import.meta.dirname, '../../../migrations')
const ROLE = `gleaner_guest_${randomBytes(4).toString('hex')}`

const withExtension = await createEmptyDatabase()
const withoutExtension = await createEmptyDatabase()
afterAll(async () => {
  await withExtension.drop()
  await withoutExtension.drop()
  await asAdmin(`drop role ${ROLE}`)
})

it('keywords have a trigram index where the server has trigrams', async () => {
  await migrate({ connection: withExtension.connection, folder: MIGRATIONS, log: silentLog })
  expect(await keywordIndexes(withExtension.db)).toEqual(['cloud_service_keywords'])
  await expectKeywordsFound(withExtension.db)
})

it('where a role may add no extension everything is there but that index, and keywords are found without it', async () => {
  await asAdmin(`create role ${ROLE} login password 'guest'`)
  await withoutExtension.db.query(`grant create, usage on schema public to ${ROLE}`)
  const connection = asGuest()
  await migrate({ connection, folder: MIGRATIONS, log: silentLog })
  const db = createDatabase({ connection, log: silentLog })
  expect(await keywordIndexes(db)).toEqual([])
  await expectKeywordsFound(db)
  await db.close()
})

async function expectKeywordsFound(db: Database): Promise<void> {
  const given = await givenDomain(db, 'domain-1')
  await given.cloudService({
    cloud_service_id: 'cloud-svc-1',
    name: 'Äpfel',
    ip_addresses: ['10.1.2.3', '10.9.9.9'],
  })
  await given.cloudService({ cloud_service_id: 'cloud-svc-2', name: 'Birnen 100%' })
  expect(await find(db, 'PFEL')).toEqual(['cloud-svc-1'])
  expect(await find(db, '10.9.9')).toEqual(['cloud-svc-1'])
  expect(await find(db, 'SVC-2 birn')).toEqual(['cloud-svc-2'])
  expect(await find(db, '0%')).toEqual(['cloud-svc-2'])
  expect(await find(db, '1%')).toEqual([])
}

async function find(db: Database, keyword: string): Promise<readonly unknown[]> {
  const ctx: Context = {
    requestId: 'request-1',
    principal: { kind: 'system', role: 'test' },
    signal: new AbortController().signal,
    db,
    now: () => new Date(),
    log: silentLog,
  }
  const query = fromJson(QuerySchema, { keyword, only: ['cloud_service_id'] })
  const { rows } = await listCloudServices(ctx, { domainId: 'domain-1', query })
  return rows.map(({ cloudServiceId }) => cloudServiceId)
}

async function keywordIndexes(db: Database): Promise<readonly string[]> {
  const rows = await db.query<{ name: string }>(
    `select indexname as name from pg_indexes where tablename = 'cloud_service' and indexdef like '% gin %'`,
  )
  return rows.map(({ name }) => name)
}

async function asAdmin(statement: string): Promise<void> {
  const client = new pg.Client({ ...withDatabase(withExtension.connection, 'postgres') })
  await client.connect()
  await client.query(statement).finally(() => client.end())
}

function asGuest() {
  const { connection } = withoutExtension
  if (!('connectionString' in connection)) return { ...connection, user: ROLE, password: 'guest' }
  const url = new URL(connection.connectionString)
  url.username = ROLE
  url.password = 'guest'
  return { connectionString: url.href }
}
