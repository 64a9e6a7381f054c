import { createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { afterAll, afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { rotateKeys } from '../../src/secrets/index.ts'
import { createWebhookService } from '../../src/server/handlers/webhook.ts'
import { createNotifications } from '../../src/storage/index.ts'
import { Courier, createAddressGuard, resolveBySystem, testWebhook } from '../../src/webhooks/index.ts'
import { tell } from '../events/support.ts'
import { givenDomain } from '../inventory/write/support.ts'
import { startApi } from '../support/api-server.ts'
import { createTestDatabase } from '../support/database.ts'
import { givenKeyring, TEST_MASTER_KEY } from '../support/keyring.ts'
import { silentLog } from '../support/silent-log.ts'
import { addressOf } from './address-of.ts'

const { db, connection, drop } = await createTestDatabase()
const keyring = await givenKeyring(db)
const notifications = createNotifications({ connection, log: silentLog })
const sending = { guard: createAddressGuard(['127.0.0.1']), resolve: resolveBySystem, timeoutMs: 20_000 }
const api = await startApi([createWebhookService({ keyring, ...sending })], {}, db)
afterAll(async () => {
  await api.stop()
  await notifications.close()
  await drop()
})

type Received = {
  headers: Record<string, unknown>
  body: string
  events: { type: string; job_id: string }[]
  /** What it was answered. */
  status: number
}

let receiver: Server
let url = ''
let received: Received[] = []
let status = 200
const arrived = Promise.withResolvers<void>()

beforeEach(async () => {
  received = []
  status = 200
  receiver = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    received.push({ headers: request.headers, body, events: JSON.parse(body).events, status })
    response.writeHead(status).end()
    arrived.resolve()
  })
  await new Promise<void>((listening) => receiver.listen(0, '127.0.0.1', listening))
  const address = receiver.address()
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/hook`
})
afterEach(() => {
  receiver.closeAllConnections()
  receiver.close()
})

async function call(method: string, request: object) {
  const { status, json } = await api.post(`/gleaner/v1/webhook/${method}`, JSON.stringify(request))
  return { status, answer: json() as Record<string, unknown> & { attempts: Record<string, unknown>[] } }
}

async function givenWebhook(fields: object = {}) {
  const domainId = await givenDomain(db)
  const { answer } = await call('create', { domain_id: domainId, name: 'test', url, ...fields })
  const key = { domain_id: domainId, webhook_id: String(answer.webhook_id) }
  return {
    domainId,
    key,
    signingKey: String(answer.signing_key),
    get: async () => (await call('get', key)).answer,
  }
}

async function givenCourier() {
  const courier = new Courier(
    { db, keyring, notifications, log: silentLog, now: () => new Date(), ...sending },
    { lookEveryMs: 20 },
  )
  courier.start()
  onTestFinished(() => courier.stop())
  return courier
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 10))
}

const jobs = (requests = received) => requests.flatMap(({ events }) => events.map(({ job_id }) => job_id))

test('events arrive in their order, signed under the key that was shown once', async () => {
  const { domainId, signingKey, get } = await givenWebhook({ types: ['job'] })
  await givenCourier()
  for (const name of ['one', 'two', 'three']) await tell(db, domainId, name)
  await until(() => jobs().length === 3)

  expect(jobs()).toEqual(['one', 'two', 'three'])
  for (const { headers, body } of received) {
    const [, at, sent] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['gleaner-signature'])) ?? []
    expect(sent).toBe(createHmac('sha256', signingKey).update(`${at}.${body}`).digest('hex'))
  }
  const seen = JSON.stringify([await get(), await call('list', { domain_id: domainId })])
  expect(seen).not.toContain(signingKey)
  const stored = JSON.stringify(await db.query('select * from webhook where domain_id = $1', [domainId]))
  expect(stored).not.toContain(Buffer.from(signingKey).toString('hex'))
})

test('of jobs only those with a chosen status arrive, and what has no status does', async () => {
  const { domainId, key, get } = await givenWebhook({ types: ['job.ended', 'hold'], statuses: ['ERROR'] })
  const end = (job: string, status: string, type = 'job.ended') =>
    db.query('insert into event (domain_id, type, job_id, status) values ($1, $4, $2, $3)', [
      domainId,
      job,
      status,
      type,
    ])
  await givenCourier()
  await end('well', 'SUCCESS')
  await end('badly', 'ERROR')
  await end('held', '', 'hold.opened')
  await until(() => jobs().length === 2)
  expect(jobs()).toEqual(['badly', 'held'])
  expect(await get()).toMatchObject({ statuses: ['ERROR'] })

  await call('update', { ...key, statuses: ['SUCCESS', 'ERROR'] })
  await end('well again', 'SUCCESS')
  await until(() => jobs().length === 3)
  expect(jobs().at(-1)).toBe('well again')
})

test('a receiver that fails gets the same events again, before any later ones', async () => {
  status = 503
  const { domainId, key, get } = await givenWebhook()
  await givenCourier()
  await tell(db, domainId, 'one')
  await until(async () => Number((await get()).failures) > 0)
  const failing = await get()
  expect(failing).toMatchObject({ enabled: true, failing_since: expect.stringMatching(/^20/) })
  const failed = expect.objectContaining({ status: 503, error: 'answered 503', events: 1 })
  expect(failing.attempts).toEqual(failing.attempts.map(() => failed))
  await tell(db, domainId, 'two')
  status = 204
  await call('update', key)
  const accepted = () => jobs(received.filter((request) => request.status === 204))
  await until(() => accepted().includes('two'))
  expect(accepted()).toEqual(['one', 'two'])
  expect(received[0]).toMatchObject({ status: 503, events: [{ job_id: 'one' }] })
  await until(async () => (await get()).failures === 0)
  const [first, second] = received
  expect(second?.headers['gleaner-delivery']).not.toBe(undefined)
  expect(first?.headers['gleaner-delivery']).toMatch(new RegExp(`^${key.webhook_id}/`))
})

test('a webhook that has failed for days is switched off with the reason, and goes on where it stopped', async () => {
  status = 500
  const { domainId, key, get } = await givenWebhook()
  await db.query(
    `update webhook set failing_since = now() - interval '4 days', failures = 9 where domain_id = $1`,
    [domainId],
  )
  await givenCourier()
  await tell(db, domainId, 'one')
  await until(async () => (await get()).enabled === false)
  expect((await get()).disabled_reason).toMatch(/since 20.*10 attempts.*answered 500/)
  status = 200
  received = []
  await call('update', { ...key, enabled: true })
  await until(() => jobs().length === 1)
  expect(await get()).toMatchObject({ enabled: true, disabled_reason: '' })
})

test('a webhook that was just mended is not switched off by the attempt before', async () => {
  const [asked, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const broken = createServer(async (_, response) => {
    asked.resolve()
    await answer.promise
    response.writeHead(500).end()
  })
  const { domainId, key, get } = await givenWebhook({ url: await addressOf(broken) })
  await db.query(
    `update webhook set failing_since = now() - interval '4 days', failures = 9 where domain_id = $1`,
    [domainId],
  )
  const courier = await givenCourier()
  await tell(db, domainId, 'one')
  await asked.promise
  await call('update', { ...key, url })
  answer.resolve()
  await courier.stop()
  expect(await get()).toMatchObject({ enabled: true, disabled_reason: '' })
  await givenCourier()
  await until(() => jobs().includes('one'))
})

test('a domain whose events cannot be given a place keeps no other waiting', async () => {
  const stuck = await givenWebhook()
  const { domainId } = await givenWebhook()
  await db.query(
    `create function refuse_place() returns trigger language plpgsql as
       $$ begin if new.domain_id = '${stuck.domainId}' then raise exception 'no place'; end if; return new; end $$`,
  )
  await db.query(
    'create trigger refuse_place before update on event for each row execute function refuse_place()',
  )
  onTestFinished(() => void db.query('drop function refuse_place cascade'))
  await givenCourier()
  await tell(db, stuck.domainId, 'stuck')
  await tell(db, domainId, 'one')
  await until(() => jobs().length > 0)
  expect(jobs()).toEqual(['one'])
})

test('the log holds the last hundred attempts', async () => {
  const { domainId, key } = await givenWebhook()
  await db.query(
    `insert into webhook_delivery (domain_id, webhook_id, events, cursor, status, error, took_ms)
     select $1, $2, 1, n::text, 200, '', 1 from generate_series(1, 150) n`,
    [domainId, key.webhook_id],
  )
  await givenCourier()
  await tell(db, domainId, 'one')
  await until(async () => (await call('get', key)).answer.attempts.length === 100)
})

test('what a webhook does not ask for is passed over', async () => {
  const { domainId } = await givenWebhook({ types: ['job.ended'] })
  await givenCourier()
  await tell(db, domainId, 'progress')
  await db.query(`insert into event (domain_id, type, job_id) values ($1, 'job.ended', 'end')`, [domainId])
  await until(() => jobs().length > 0)
  expect(jobs()).toEqual(['end'])
})

test('one receiver that hangs does not keep the others waiting', async () => {
  const hanging = createServer(() => {})
  const domainId = await givenDomain(db)
  await call('create', { domain_id: domainId, name: 'hangs', url: await addressOf(hanging) })
  await call('create', { domain_id: domainId, name: 'answers', url })
  await givenCourier()
  await tell(db, domainId, 'one')
  await until(() => jobs().length === 1)
  hanging.closeAllConnections()
})

test('a test is sent at once and changes nothing', async () => {
  const { key, get } = await givenWebhook()
  const before = await get()
  expect((await call('test', key)).answer).toMatchObject({ status: 200, error: '', events: 1 })
  expect(received.map(({ events }) => events[0]?.type)).toEqual(['test'])
  expect(await get()).toEqual(before)
})

test('addresses, types and ids that cannot be are refused', async () => {
  const domainId = await givenDomain(db)
  const create = async (fields: object) =>
    (await call('create', { domain_id: domainId, name: 'refused', ...fields })).status
  expect(await create({ url: 'https://10.0.0.1/' })).toBe(400)
  expect(await create({ url: '' })).toBe(400)
  expect(await create({ url, types: ['weather'] })).toBe(400)
  expect((await call('get', { domain_id: domainId, webhook_id: 'webhook-1' })).status).toBe(404)
  const { key } = await givenWebhook()
  expect((await call('get', { ...key, domain_id: domainId })).status).toBe(404)
  expect((await call('update', { ...key, url: 'https://127.0.0.1.nip.io@10.0.0.1/' })).status).toBe(400)
  expect((await call('delete', key)).status).toBe(200)
  expect((await call('delete', key)).status).toBe(404)
})

// The last one here: from then on the keyring of the others lacks the current key.
test('a rotation of the master key takes the keys of webhooks with it', async () => {
  const { key, signingKey } = await givenWebhook()
  const { domain_id: domainId, webhook_id: webhookId } = key
  const both = await givenKeyring(db, `${TEST_MASTER_KEY},${Buffer.alloc(32, 9).toString('base64')}`)
  const signal = new AbortController().signal
  const now = () => new Date()
  await rotateKeys({ db, keyring: both, now }, { withDataKeys: false, workMs: 60_000, signal })
  const states = await db.query<{ state: string }>('select state from master_key order by version')
  expect(states.map(({ state }) => state)).toEqual(['RETIRED', 'CURRENT'])

  const principal = { kind: 'system', role: 'test' } as const
  const ctx = { requestId: 'req-1', principal, signal, db, now, log: silentLog }
  expect(await testWebhook(ctx, { keyring: both, ...sending }, { domainId, webhookId })).toMatchObject({
    error: '',
  })
  const [{ headers, body } = { headers: {} as Received['headers'], body: '' }] = received
  const [, at, sent] = /^t=(\d+),v1=(.*)$/.exec(String(headers['gleaner-signature'])) ?? []
  expect(sent).toBe(createHmac('sha256', signingKey).update(`${at}.${body}`).digest('hex'))
})
