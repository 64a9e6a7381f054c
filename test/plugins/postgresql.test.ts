import { afterAll, expect, test } from 'vitest'
import { SecretData } from '../../src/core/secret-data.ts'
import { READER, startOwnPostgres } from '../support/own-postgres.ts'
import { givenHost, never, recordOf } from './support.ts'

const server = await startOwnPostgres()
afterAll(server.stop)

test('each database earns its own receipts: one that lets nobody in has none, one that was dropped holds nothing', async () => {
  await server.admin.query(`create database denied`)
  await server.admin.query(`revoke connect on database denied from public`)
  await server.admin.query(`create database frozen allow_connections false`)
  const { host } = givenHost([recordOf('postgresql', { image: 'builtin:postgresql' })])
  const connection = await host.connect({ pluginId: 'plugin-postgresql' }, never)
  const { rows } = await server.admin.query(
    `select 'cluster-' || system_identifier as id from pg_control_system()`,
  )
  const account = String(rows[0]?.id)
  const known = ['denied', 'frozen', 'dropped'].map((database) => ({
    group: 'PostgreSQL',
    type: 'Table',
    account,
    regionCode: `${account}/${database}`,
    resources: 1,
  }))
  const heard = { opened: new Set<string>(), completed: new Set<string>() }
  type Scope = { readonly type: string; readonly regionCode: string }
  const nameOf = ({ regionCode, type }: Scope) => [type, regionCode.split('/')[1]].join(' ').trim()
  const observer = {
    scopeOpened: (scope: Scope) => heard.opened.add(nameOf(scope)),
    scopeCompleted: (scope: Scope) => heard.completed.add(nameOf(scope)),
  }
  const secretData = new SecretData(READER)
  for await (const _ of connection.collect(
    { options: server.options, secretData, filter: {}, known, observer },
    never,
  ));

  const { completed, opened } = heard
  const own = ['Schema', 'Table', 'Extension']
  expect(completed).toContain('Database')
  for (const type of own) expect(completed).toContain(`${type} ${server.admin.database}`)
  expect(opened.difference(completed)).toEqual(new Set(own.map((type) => `${type} denied`)))
  expect(completed.difference(opened)).toEqual(new Set(own.map((type) => `${type} dropped`)))
})
