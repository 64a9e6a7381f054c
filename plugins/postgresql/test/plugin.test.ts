import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type CollectInput, collectFrom, type PluginProcess, startPlugin } from '@gleaner/sdk/testing'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { READER, startOwnPostgres } from '../../../test/support/own-postgres.ts'
import { verifyProblem } from '../../../test/support/verify-problem.ts'

let server: Awaited<ReturnType<typeof startOwnPostgres>>
let admin: pg.Client
/** For what has to happen while the first is in a transaction. */
let other: pg.Client
let plugin: PluginProcess
let options = {}

beforeAll(async () => {
  server = await startOwnPostgres()
  ;({ admin, options } = server)
  await admin.query(`create schema "shop: 1"`)
  await admin.query(
    `create table "shop: 1".orders as select n, repeat('x', 100) from generate_series(1, 1000) n`,
  )
  other = new pg.Client({ ...server.connection })
  await other.connect()
  plugin = await startPlugin(join(import.meta.dirname, '../src/plugin.ts'))
})
afterAll(async () => {
  await plugin.stop()
  await other.end()
  await server.stop()
})

/** Whether the plugin stands at a lock. */
async function isGleanerWaiting(): Promise<boolean> {
  const { rowCount } = await other.query(
    `select from pg_stat_activity where application_name = 'gleaner' and wait_event_type = 'Lock'`,
  )
  return rowCount === 1
}

async function collected(input: CollectInput = {}) {
  const { error, resources } = await collectFrom(plugin.port, {
    options,
    secretData: READER,
    ...input,
  })
  const services = resources.filter(({ resourceType }) => resourceType === 'inventory.CloudService')
  const failures = resources.filter(({ state }) => state === 5)
  const named = (type: string, name: string) =>
    services
      .map(({ resource }) => resource)
      .find((each) => each.cloud_service_type === type && each.name === name)
  return { error: error?.details, failures, named }
}

test('what a real server holds is found, with owners, sizes and relations', async () => {
  const { error, named } = await collected()
  const { rows } = await admin.query(`select pg_total_relation_size('"shop: 1".orders') as size`)
  const size: unknown = rows[0]?.size
  const name = admin.database ?? ''
  expect(error).toBeUndefined()
  expect(named('Database', name)).toMatchObject({ data: { encoding: 'UTF8', allows_connections: true } })
  expect(named('Schema', `${name}.shop: 1`)).toMatchObject({ data: { database: name } })
  expect(named('Table', `${name}.shop: 1.orders`)).toMatchObject({
    account: expect.stringMatching(/^cluster-\d+$/),
    data: {
      kind: 'table',
      columns: 2,
      size_at_most_bytes: 2 ** Math.ceil(Math.log2(Number(size))),
      relations: expect.arrayContaining([
        expect.objectContaining({ name: 'in', resource_id: expect.stringContaining('shop%3A%201') }),
        expect.objectContaining({ name: 'owned_by' }),
      ]),
    },
  })
  expect(named('Extension', `${name}.plpgsql`)).toMatchObject({ data: { version: '1.0' } })
  expect(named('Role', READER.username)).toMatchObject({ data: { can_login: true, is_superuser: false } })
  expect(named('Setting', 'max_connections')).toMatchObject({
    data: { value: expect.stringMatching(/^\d+$/) },
  })
})

test('a database that lets nobody in is named by verify and an error for its kinds, and the rest is found', async () => {
  const name = admin.database ?? ''
  const closed = `${name}_closed`
  await admin.query(`create database ${closed}`)
  await admin.query(`revoke connect on database ${closed} from public`)
  const { failures, named } = await collected()
  const problem = await verifyProblem(plugin.port, { options, secretData: READER })
  await admin.query(`drop database ${closed} with (force)`)
  const about = failures.filter(({ message }) => message.includes(closed))
  expect(about.map(({ resource }) => resource.cloud_service_type)).toEqual(['Schema', 'Table', 'Extension'])
  expect(about[0]?.message).toContain('ERROR_ACCESS_DENIED')
  expect(problem).toMatch(new RegExp(`ERROR_ACCESS_DENIED: database '${closed}': .*; grant connect on it`))
  expect(named('Table', `${name}.shop: 1.orders`)).toBeDefined()
})

test('a database that is dropped after it was listed is no failure', async () => {
  await admin.query('create database zz_dropped')
  await admin.query('begin')
  await admin.query('lock table pg_extension in access exclusive mode')
  const running = collected()
  while (!(await isGleanerWaiting())) await pause(20)
  await other.query('drop database zz_dropped')
  await admin.query('commit')
  const { error, failures } = await running
  expect({ error, failures }).toEqual({ error: undefined, failures: [] })
})

test('a role that is not shown all settings hears of it, and what it does not see does not count as gone', async () => {
  expect(await verifyProblem(plugin.port, { options, secretData: READER })).toBeUndefined()
  await admin.query(`revoke pg_monitor from ${READER.username}`)
  const { failures, named } = await collected()
  const problem = await verifyProblem(plugin.port, { options, secretData: READER })
  await admin.query(`grant pg_monitor to ${READER.username}`)
  expect(problem).toContain('its role is not shown all settings; grant pg_monitor')
  expect(failures.map(({ resource }) => resource.cloud_service_type)).toEqual(['Setting'])
  expect(named('Setting', 'max_connections')).toBeDefined()
})

test('an unknown database is said by name, and a wrong password is never quoted', async () => {
  const unknown = await collected({ options: { ...options, database: 'nowhere' } })
  expect(unknown.error).toContain("ERROR_NOT_FOUND: database 'nowhere'")
  const missing = await collected({ secretData: { username: 'x' } })
  expect(missing.error).toContain('secret_data.password is required')
})
