import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, inject, onTestFinished, test } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { openDatabase, prepareTenantRole, type WholeDatabase } from '../../src/storage/index.ts'
import { createEmptyDatabase, createTestDatabase } from '../support/database.ts'
import { silentLog } from '../support/silent-log.ts'

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url))

// One connection, so that whatever one use of it leaves behind meets the next.
const { db, connection, drop } = await createTestDatabase({ maxConnections: 1 })
afterAll(drop)

async function givenDomain(regions: readonly string[] = []): Promise<string> {
  const domainId = newId('domain')
  await db.query('insert into domain (domain_id, name, created_at) values ($1, $1, now())', [domainId])
  for (const code of regions) await insertRegion(db, domainId, code)
  return domainId
}

async function insertRegion(on: Pick<WholeDatabase, 'query'>, domainId: string, code: string): Promise<void> {
  await on.query(
    `insert into region (domain_id, region_id, name, region_code, provider, created_at, updated_at)
     values ($1, $2, $3, $3, 'aws', now(), now())`,
    [domainId, newId('region'), code],
  )
}

async function codesIn(on: Pick<WholeDatabase, 'query'>): Promise<string[]> {
  const rows = await on.query<{ regionCode: string }>('select region_code from region order by 1')
  return rows.map(({ regionCode }) => regionCode)
}

test('every table that holds rows of domains is protected, and every view reads as who asks', async () => {
  const relations = await db.query<{ name: string; isProtected: boolean; isReachable: boolean }>(
    `select c.relname as name,
            case when c.relkind = 'v' then coalesce('security_invoker=true' = any(c.reloptions), false)
                 else c.relrowsecurity and exists (select from pg_policy p where p.polrelid = c.oid) end as is_protected,
            has_table_privilege(tenant_role(), c.oid, 'select') as is_reachable
       from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'domain_id'
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')`,
  )
  expect(relations.length).toBeGreaterThan(13)
  expect(relations.filter(({ isProtected, isReachable }) => !isProtected || !isReachable)).toEqual([])
})

test('a table without a domain is out of reach', async () => {
  await expect(db.boundTo(await givenDomain()).query('select * from schema_migration')).rejects.toThrow(
    /permission denied/,
  )
})

test('a bound connection sees only its own domain, whatever a statement asks', async () => {
  const [own, foreign] = [await givenDomain(['own-1']), await givenDomain(['foreign-1'])]
  const bound = db.boundTo(own)
  expect(await codesIn(bound)).toEqual(['own-1'])
  expect(await bound.query('select * from region where domain_id = $1', [foreign])).toEqual([])
  expect(await bound.query('select domain_id from domain')).toEqual([{ domainId: own }])
  expect(await bound.query(`update region set name = 'x' where domain_id <> $1 returning 1`, [own])).toEqual(
    [],
  )
  expect(await bound.query('delete from region where domain_id = $1 returning 1', [foreign])).toEqual([])
  expect(await codesIn(db)).toContain('foreign-1')
})

test('a bound connection writes nothing into another domain', async () => {
  const [own, foreign] = [await givenDomain(['move-me']), await givenDomain()]
  const bound = db.boundTo(own)
  await expect(insertRegion(bound, foreign, 'smuggled')).rejects.toMatchObject({ kind: 'forbidden' })
  await expect(bound.query('update region set domain_id = $1', [foreign])).rejects.toMatchObject({
    kind: 'forbidden',
  })
})

test('without a domain no row is visible', async () => {
  await givenDomain(['somewhere'])
  expect(await codesIn(db.boundTo(''))).toEqual([])
})

test('a connection follows its use from domain to domain, through failed transactions too', async () => {
  const [one, two] = [await givenDomain(['one']), await givenDomain(['two'])]
  expect(await codesIn(db.boundTo(one))).toEqual(['one'])
  const failed = db.boundTo(two).transaction(async (tx) => {
    expect(await codesIn(tx)).toEqual(['two'])
    throw new Error('rolled back')
  })
  await expect(failed).rejects.toThrow('rolled back')
  expect(await codesIn(db.boundTo(two))).toEqual(['two'])
  expect(await codesIn(db.boundTo(''))).toEqual([])
  expect(await codesIn(db.boundTo(one))).toEqual(['one'])
})

test('views show a bound connection only its domain', async () => {
  const [own, foreign] = [await givenDomain(), await givenDomain()]
  for (const domainId of [own, foreign])
    await db.query(
      `insert into cloud_service (domain_id, cloud_service_id, provider, cloud_service_group, cloud_service_type, created_at, updated_at)
       values ($1, 'cloud-svc-1', 'aws', 'EC2', 'Instance', now(), now())`,
      [domainId],
    )
  const seen = await db.boundTo(own).query('select distinct domain_id from change_history')
  expect(seen).toEqual([{ domainId: own }])
})

test('a keyword still finds its index behind the wall', async () => {
  const domainId = await givenDomain()
  await db.query(
    `insert into cloud_service (domain_id, cloud_service_id, name, provider, cloud_service_group, cloud_service_type,
       created_at, updated_at)
     select $1, 'cloud-svc-' || n, md5(n::text), 'aws', 'EC2', 'Instance', now(), now() from generate_series(1, 3000) n`,
    [domainId],
  )
  await db.query('vacuum analyze cloud_service')
  const plan = await db.boundTo(domainId).transaction(async (tx) => {
    // Of a few thousand rows the planner would rather read all.
    for (const way of ['seqscan', 'indexscan', 'indexonlyscan'])
      await tx.query(`set local enable_${way} = off`)
    return tx.query(
      `explain select from cloud_service where domain_id = '${domainId}' and keywords like '%a87ff%'`,
    )
  })
  expect(JSON.stringify(plan)).toContain('cloud_service_keywords')
})

test('a table that its migration forgot to protect is protected at the next start', async () => {
  await db.query('create table forgotten (domain_id text not null, word text not null)')
  await db.query('create view forgotten_words as select domain_id, word from forgotten')
  await prepareTenantRole({ connection, log: silentLog })
  await db.query(`insert into forgotten values ('domain-x', 'secret')`)
  const own = db.boundTo(await givenDomain())
  expect(await own.query('select * from forgotten')).toEqual([])
  expect(await own.query('select * from forgotten_words')).toEqual([])
})

test('where the database user may create no role, the server starts and says what is missing', async () => {
  const { drop: dropDatabase, ...empty } = await createEmptyDatabase()
  onTestFinished(dropDatabase)
  const user = `plain_${newId('request').slice(4)}`
  await empty.db.query(`create role ${user} login password 'plain'`)
  onTestFinished(async () => {
    await db.query(`drop role ${user}`)
  })
  await empty.db.query(`grant create on schema public to ${user}`)
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'gleaner-plain-'))
  onTestFinished(() => rm(dataDir, { recursive: true }))
  const warnings: string[] = []
  const opened = await openDatabase({
    dataDir,
    migrations: MIGRATIONS,
    databaseUrl: addressFor(empty.connection, { user, password: 'plain' }),
    log: { ...silentLog, warn: (_fields, message) => warnings.push(message) },
  })
  const rows = await opened.database.boundTo('domain-x').query('select count(*) as n from region')
  await opened.close()
  await empty.db.query(`drop owned by ${user}`)
  expect(rows).toEqual([{ n: 0 }])
  expect(warnings.join()).toMatch(
    /row-level security is not in force: .* role \w+_tenant .*create role .* nologin; .*grant/,
  )
})

function addressFor(
  known: typeof connection,
  { user, password }: { readonly user: string; readonly password: string },
): string {
  if ('connectionString' in known)
    return Object.assign(new URL(known.connectionString), { username: user, password }).href
  return `postgresql://${user}:${password}@localhost/${known.database}?host=${known.host}`
}

test('tests run with the second wall', () => {
  expect(inject('testDatabase').tenantRole).toBeDefined()
})
