import { create, toBinary } from '@bufbuild/protobuf'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { createAuthenticator, newKeyText, SYSTEM_DOMAIN } from '../../src/access/index.ts'
import { RegionQuerySchema } from '../../src/gen/spaceone/api/inventory/v1/region_pb.ts'
import type { WholeDatabase } from '../../src/storage/index.ts'
import { deleteApiKey, ensureFirstApiKey } from '../../src/tenants/index.ts'
import { createTestDatabase } from '../support/database.ts'
import { silentLog } from '../support/silent-log.ts'
import { asRecord, type KeyedApi, metadataOf, refusalOf, startKeyedApi } from './support.ts'

const { db, drop } = await createTestDatabase()
let api: KeyedApi
let root = ''
let domainId = ''
beforeAll(async () => {
  api = await startKeyedApi(db)
})
afterAll(async () => {
  await api.stop()
  await drop()
})

const KEY = '/gleaner/v1/api-key'
const DOMAIN = '/gleaner/v1/domain'
const LIST = '/inventory/v1/region/list'

async function givenKey(role: string, more: object = {}): Promise<{ key: string; id: string }> {
  const made = await api.must(root, `${KEY}/create`, { domain_id: domainId, name: role, role, ...more })
  return { key: String(made.api_key), id: String(asRecord(made.info).api_key_id) }
}

test('while there is no key everybody may call, and the first key is the system administrator’s', async () => {
  const made = await api.must('', `${DOMAIN}/create`, { name: 'Shop' })
  domainId = String(made.domain_id)
  expect((await api.ask('', LIST, { domain_id: domainId })).status).toBe(200)

  const refused = await api.ask('', `${KEY}/create`, { domain_id: domainId, name: 'first', role: 'ADMIN' })
  expect(refusalOf(refused.body).code).toBe('ERROR_FIRST_API_KEY')

  const first = await api.must('', `${KEY}/create`, { name: 'root' })
  root = String(first.api_key)
  expect(first.info).toMatchObject({ role: 'ADMIN', state: 'ENABLED', domain_id: '', hint: root.slice(-4) })
})

test('from then on every call needs a key, and is told what to do', async () => {
  const { status, body } = await api.ask('', LIST, { domain_id: domainId })
  expect([status, refusalOf(body).code]).toEqual([401, 'ERROR_AUTHENTICATE_FAILURE'])
  expect(refusalOf(body).message).toMatch(/came with none.*Authorization: Bearer KEY.*gleaner keys create/)
  expect((await api.ask(root, LIST, { domain_id: domainId })).status).toBe(200)
})

test('what is for everybody stays open', async () => {
  expect((await api.get('/openapi.json')).status).toBe(200)
  expect((await api.get('/docs')).status).toBe(200)
  expect((await api.get('/check')).status).toBe(503)
  const info = await api.call('/spaceone.api.core.v1.ServerInfo/get_version', new Uint8Array())
  expect(info.code).toBe(0)
})

test('over gRPC the key comes as token, or as authorization', async () => {
  const bytes = toBinary(RegionQuerySchema, create(RegionQuerySchema, { domainId }))
  const call = (metadata?: ReturnType<typeof metadataOf>) =>
    api.call('/spaceone.api.inventory.v1.Region/list', bytes, metadata && { metadata })
  expect((await call()).code).toBe(16)
  expect((await call(metadataOf('token', root))).code).toBe(0)
  expect((await call(metadataOf('authorization', `Bearer ${root}`))).code).toBe(0)
  const wrong = await call(metadataOf('token', `${root.slice(0, -1)}~`))
  expect([wrong.code, wrong.details]).toEqual([
    16,
    expect.stringMatching(/^ERROR_AUTHENTICATE_FAILURE: .*mistyped/),
  ])
})

test('roles may what they say, and no more', async () => {
  const [viewer, admin] = [await givenKey('VIEWER'), await givenKey('ADMIN')]
  const region = { name: 'Here', region_code: 'here-1', provider: 'own' }
  const create = (key: string) => api.ask(key, '/inventory/v1/region/create', region)
  expect((await api.ask(viewer.key, LIST)).status).toBe(200)
  expect((await create(viewer.key)).status).toBe(403)
  const created = await create(admin.key)
  expect([created.status, created.body.domain_id]).toEqual([200, domainId])
  expect((await api.ask(admin.key, `${DOMAIN}/list`)).status).toBe(403)
})

test('a key acts in its own domain alone, and hears the same of any other', async () => {
  const { key } = await givenKey('ADMIN')
  const other = String((await api.must(root, `${DOMAIN}/create`, { name: 'Other' })).domain_id)
  const [foreign, missing] = [
    await api.ask(key, LIST, { domain_id: other }),
    await api.ask(key, LIST, { domain_id: 'domain-ffffffffffff' }),
  ]
  expect(foreign.status).toBe(403)
  expect(missing).toEqual(foreign)
})

test('an administrator of a domain manages the keys of that domain, and no others', async () => {
  const { key } = await givenKey('ADMIN')
  const made = await api.must(key, `${KEY}/create`, { name: 'ci', role: 'VIEWER' })
  expect(asRecord(made.info).domain_id).toBe(domainId)
  const listed = await api.must(key, `${KEY}/list`, {})
  expect(JSON.stringify(listed)).not.toContain('"root"')
  expect(JSON.stringify(listed)).not.toContain(String(made.api_key))
  const { key: viewer } = await givenKey('VIEWER')
  expect((await api.ask(viewer, `${KEY}/list`, {})).status).toBe(403)
})

test('a disabled key stops working, here at once and in other processes within seconds', async () => {
  const { key, id } = await givenKey('VIEWER')
  const elsewhere = createAuthenticator(db)
  expect(await elsewhere.authenticate(key)).toMatchObject({ apiKeyId: id })
  await api.must(root, `${KEY}/disable`, { domain_id: domainId, api_key_id: id })
  expect((await api.ask(key, LIST)).status).toBe(401)
  await expect.poll(() => elsewhere.authenticate(key).catch((error) => error.kind)).toBe('unauthenticated')
  await api.must(root, `${KEY}/enable`, { domain_id: domainId, api_key_id: id })
  expect((await api.ask(key, LIST)).status).toBe(200)
  await api.must(root, `${KEY}/delete`, { domain_id: domainId, api_key_id: id })
  expect((await api.ask(key, LIST)).status).toBe(401)
})

test('an expired key is refused', async () => {
  const { key, id } = await givenKey('VIEWER', { expires_at: '2999-01-01T00:00:00Z' })
  expect((await api.ask(key, LIST)).status).toBe(200)
  await db.query(`update api_key set expires_at = now() - interval '1 second' where api_key_id = $1`, [id])
  await expect(createAuthenticator(db).authenticate(key)).rejects.toThrow(/has expired/)
})

test('the last working key of the system administrator stays', async () => {
  const { results } = await api.must(root, `${KEY}/list`, {})
  const [only] = Array.isArray(results) ? results : []
  for (const verb of ['disable', 'delete']) {
    const refused = await api.ask(root, `${KEY}/${verb}`, { api_key_id: only.api_key_id })
    expect(refusalOf(refused.body).code).toBe('ERROR_LAST_API_KEY')
  }
  expect((await api.ask(root, LIST, { domain_id: domainId })).status).toBe(200)
})

test('using a key notes when, and not at every call', async () => {
  const { key, id } = await givenKey('VIEWER')
  const lastUsed = async () =>
    (
      await db.query<{ lastUsedAt: Date | null }>('select last_used_at from api_key where api_key_id = $1', [
        id,
      ])
    )[0]?.lastUsedAt
  await api.must(key, LIST)
  await expect.poll(lastUsed).toBeInstanceOf(Date)
  const first = await lastUsed()
  for (let n = 0; n < 3; n++) await api.must(key, LIST)
  await createAuthenticator(db).authenticate(key)
  expect(await lastUsed()).toEqual(first)
})

test('everything wrong with a new key is said at once', async () => {
  const wrong = { domain_id: domainId, expires_at: '2001-01-01', projects: ['a b'] }
  const { status, body } = await api.ask(root, `${KEY}/create`, wrong)
  expect(status).toBe(400)
  for (const name of ['name', 'role', 'expires_at', 'projects'])
    expect(refusalOf(body).message).toContain(`'${name}'`)
})

test('neither a key nor its hash is in the database as it was given, nor in any log', async () => {
  const { key } = await givenKey('VIEWER')
  await api.must(key, LIST)
  const rows = await db.query('select t::text as row from api_key t')
  expect(JSON.stringify([rows, api.log])).not.toContain(key)
})

describe('an answer that comes late', () => {
  /** A database whose first answer to the authenticator comes when the test lets it. */
  function givenSlow(whole: WholeDatabase) {
    const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    let count = 0
    const slow: WholeDatabase = {
      ...whole,
      async query(text, params, options) {
        const rows = await whole.query(text, params, options)
        if (count++ > 0) return rows as never
        asked.resolve()
        await answer.promise
        return rows as never
      },
    }
    return { asked: asked.promise, answer: answer.resolve, authenticator: createAuthenticator(slow) }
  }

  test('does not open a server that is closed by then', async () => {
    const { db: empty, drop: dropEmpty } = await createTestDatabase()
    onTestFinished(dropEmpty)
    const { asked, answer, authenticator } = givenSlow(empty)
    const older = authenticator.authenticate('')
    await asked
    await ensureFirstApiKey(empty, { apiKey: newKeyText(), now: new Date() })
    await expect(authenticator.authenticate('')).rejects.toThrow('needs an API key')

    answer()
    await older.catch(() => {})
    await expect(authenticator.authenticate('')).rejects.toThrow('needs an API key')
  })

  test('does not bring back a key that is disabled by then', async () => {
    const { key, id } = await givenKey('VIEWER')
    const { asked, answer, authenticator } = givenSlow(db)
    const older = authenticator.authenticate(key)
    await asked
    await db.query(`update api_key set state = 'DISABLED' where api_key_id = $1`, [id])
    authenticator.forget()

    answer()
    await older
    await expect(authenticator.authenticate(key)).rejects.toThrow('disabled')
  })
})

const WAITING = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`

// The last one here: the key of the others may be gone.
test('of two who take the last two keys away at once one is refused', async () => {
  await api.must(root, `${KEY}/create`, { name: 'second' })
  const keys = await db.query<{ id: string }>('select api_key_id as id from api_key where domain_id = $1', [
    SYSTEM_DOMAIN,
  ])
  let begun = 0
  /** Until the other has begun as well, or waits for what this one holds. */
  async function meet(): Promise<void> {
    begun++
    while (begun < 2 && (await db.query(WAITING)).length === 0) await new Promise(setImmediate)
  }
  const meeting: WholeDatabase = {
    ...db,
    transaction: (run) =>
      db.transaction((tx) => {
        let isFirst = true
        return run({
          ...tx,
          async query(text, params, options) {
            const rows = await tx.query(text, params, options)
            if (isFirst) {
              isFirst = false
              await meet()
            }
            return rows as never
          },
        })
      }),
  }
  const signal = new AbortController().signal
  const principal = { kind: 'anonymous' } as const
  const ctx = { requestId: 'req-1', principal, signal, db: meeting, now: () => new Date(), log: silentLog }
  const deleting = keys.map(({ id }) => deleteApiKey(ctx, { domainId: '', apiKeyId: id }))
  const outcomes = await Promise.allSettled(deleting)
  expect(outcomes.filter(({ status }) => status === 'rejected')).toEqual([
    { status: 'rejected', reason: expect.objectContaining({ code: 'ERROR_LAST_API_KEY' }) },
  ])
  expect(outcomes).toHaveLength(2)
})
