import { randomBytes } from 'node:crypto'
import type { JsonObject, JsonValue } from '@bufbuild/protobuf'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isMadeId } from '../../src/core/ids.ts'
import type { Case } from '../conformance/case.ts'
import { CASES } from '../conformance/cases/index.ts'
import { fingerprint } from '../conformance/fingerprint.ts'
import { openWorld, type World } from '../conformance/world.ts'
import { asRecord } from '../tenants/support.ts'

/**
 * Every call of the conformance table to a method above `read`: what the server says of its methods decides
 * which these are, so that a new one is tried without being named here.
 */
let world: World
const permissions = new Map<string, string>()

beforeAll(async () => {
  world = await openWorld({ apiKey: randomBytes(24).toString('hex') })
  const document = await (await fetch(`${world.app.url}/openapi.json`)).json()
  for (const item of Object.values(asRecord(asRecord(document).paths))) {
    const { operationId, 'x-permission': permission } = asRecord(asRecord(item).post ?? {})
    permissions.set(String(operationId), String(permission))
  }
})
afterAll(() => world.stop())

/** They take the right to change, because of what they show or send, and change nothing. */
const ONLY_LOOK = new Set([
  'gleaner.v1.ApiKey.get',
  'gleaner.v1.ApiKey.list',
  'gleaner.v1.Audit.list',
  'gleaner.v1.Audit.verify',
  'gleaner.v1.CollectorPlan.get',
  'gleaner.v1.Domain.list',
  'gleaner.v1.PluginDescription.get',
  'gleaner.v1.PluginProcess.get_log',
  'gleaner.v1.SecretOpening.list',
  'gleaner.v1.SecretOpening.stat',
  'gleaner.v1.Webhook.test',
  // Where it opens a secret it writes that down, which is a change.
  'spaceone.api.inventory.v1.Collector.verify_plugin',
])

/** What they change first stays when they are refused later: that a secret was opened. */
const CHANGES_FIRST = new Set(['spaceone.api.inventory.v1.Collector.verify_plugin'])

type Written = {
  readonly method: string
  readonly role: string
  readonly apiKeyId: string
  readonly ids: string[]
}

async function countRows(): Promise<number> {
  const [row] = await world.app.database.db.query<{ count: number }>('select count(*) from audit_record')
  return row?.count ?? 0
}

/** The newest row of any chain. */
async function newestRow(): Promise<Written | undefined> {
  const [row] = await world.app.database.db.query<Written>(
    'select method, role, api_key_id, ids from audit_record order by recorded_at desc, seq desc limit 1',
  )
  return row
}

/** Of every table but the audit; empty when nothing was written. */
async function changedBy(call: () => Promise<void>): Promise<readonly string[]> {
  const db = world.app.database.db
  const before = await fingerprint(db)
  await call()
  const after = await fingerprint(db)
  return Object.keys(after).filter((table) => !table.startsWith('audit_') && after[table] !== before[table])
}

/** Ids in an answer that the call has made, or that its request has named: those of the thing it is about. */
function idsIn(answer: JsonValue, method: string): string[] {
  const noun = method
    .split('.')
    .at(-2)
    ?.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_')
    .toLowerCase()
  const own: [string, unknown][] = Object.entries(asRecord(answer)).flatMap(([name, value]) =>
    name === 'info' ? Object.entries(asRecord(value)) : [[name, value]],
  )
  return own.flatMap(([name, id]) =>
    name === `${noun}_id` && typeof id === 'string' && isMadeId(id) ? [id] : [],
  )
}

describe.each([...Map.groupBy(CASES, ({ method }) => method)])('%s', (method, cases) => {
  test('a call that changes something leaves one row, one that does not leaves none', async () => {
    if (['read', 'open'].includes(permissions.get(method) ?? '')) return
    for (const each of cases) await tryCase(method, each)
  })
})

async function tryCase(method: string, each: Case): Promise<void> {
  const request: JsonObject = await each.request(world)
  const rowsBefore = await countRows()
  let answer: Awaited<ReturnType<World['caller']['grpc']>> | undefined
  const call = async () => {
    answer = await world.caller[each.only ?? 'grpc'](method, request)
  }
  // Refused requests write nothing, says the conformance suite; comparing all tables once more takes a
  // minute.
  const mayChange = 'ok' in each.expected || CHANGES_FIRST.has(method)
  const changed = mayChange ? await changedBy(call) : await call().then(() => [])
  const rows = (await countRows()) - rowsBefore
  const isChange = changed.length > 0 || (answer?.ok === true && !ONLY_LOOK.has(method))
  expect([each.about, changed, rows]).toEqual([each.about, changed, isChange ? 1 : 0])
  if (rows === 0) return
  const row = await newestRow()
  expect(row).toMatchObject({ method, role: 'SYSTEM', apiKeyId: expect.stringMatching(/^api-key-/) })
  // A domain is not named in its own chain.
  const made = answer?.ok ? idsIn(answer.json, method).filter((id) => id !== request.domain_id) : []
  expect(row?.ids).toEqual(expect.arrayContaining(made))
}

test('the audit that all these calls have left is whole', async () => {
  for (const domain_id of [world.domain_id, world.foreign.domain_id, '']) {
    const answer = await world.given('gleaner.v1.Audit.verify', { domain_id })
    expect([domain_id, answer.valid, answer.breaks]).toEqual([domain_id, true, []])
  }
})
