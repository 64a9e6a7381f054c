import { afterEach, beforeEach, expect, test } from 'vitest'
import { createAuthenticator } from '../src/access/index.ts'
import { readConfig } from '../src/config/index.ts'
import { prepareAccess } from '../src/prepare-access.ts'
import { createTestDatabase, type TestDatabase } from './support/database.ts'
import { silentLog } from './support/silent-log.ts'

let database: TestDatabase
beforeEach(async () => {
  database = await createTestDatabase()
})
afterEach(() => database.drop())

const SECRET = 'a-secret-that-a-container-is-given'
const prepare = (host: string, firstApiKey?: string) =>
  prepareAccess({ db: database.db, config: { host, firstApiKey }, log: silentLog, now: () => new Date() })

test('a server without keys does not start where others can reach it', async () => {
  await prepare('127.0.0.1')
  await expect(prepare('0.0.0.0')).rejects.toThrow(/no API key yet.*Nothing was bound.*GLEANER_FIRST_API_KEY/)
})

test('a first key from the configuration lets it start, and is the system administrator’s', async () => {
  await prepare('0.0.0.0', SECRET)
  expect(await createAuthenticator(database.db).authenticate(SECRET)).toMatchObject({
    domainId: '',
    role: 'ADMIN',
  })
  await prepare('0.0.0.0')
})

test('once there are keys the configured one is left alone, so that a revoked one does not come back', async () => {
  await Promise.all([prepare('0.0.0.0', SECRET), prepare('0.0.0.0', SECRET)])
  await prepare('0.0.0.0', `${SECRET}-2`)
  const [count] = await database.db.query('select count(*) as n from api_key')
  expect(count).toEqual({ n: 1 })
  await expect(createAuthenticator(database.db).authenticate(`${SECRET}-2`)).rejects.toThrow(/unknown/)
})

test('the key is no flag, and a short one is refused without being shown', () => {
  const read = (args: string[], env: Record<string, string>) => readConfig({ args, env, root: '/' })
  expect(() => read(['--first-api-key', SECRET], {})).toThrow(/first-api-key/)
  expect(() => read([], { GLEANER_FIRST_API_KEY: 'hunter2' })).toThrow(/GLEANER_FIRST_API_KEY/)
  expect(() => read([], { GLEANER_FIRST_API_KEY: 'hunter2' })).not.toThrow(/hunter2/)
  expect(() => read(['--tls-cert', 'x.pem'], {})).toThrow(/belong together/)
})
