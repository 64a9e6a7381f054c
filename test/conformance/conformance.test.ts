import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { JsonObject } from '@bufbuild/protobuf'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { STATUS_OF_KIND } from '../../src/server/errors.ts'
import type { Answer } from './caller.ts'
import type { Case, Expected, Transport } from './case.ts'
import { CASES } from './cases/index.ts'
import { methodOf } from './contract.ts'
import { type Damaged, damagedRequests } from './damage.ts'
import { fingerprint } from './fingerprint.ts'
import { matrixOf } from './matrix.ts'
import { apiReference, type Example, makeRepeatable } from './reference.ts'
import { summaryOf } from './summary.ts'
import { openWorld, type World } from './world.ts'

const REFERENCE = join(import.meta.dirname, '../../docs/reference')
const INTRODUCTION = `# Conformance

Which calls are tried on each method, over gRPC and REST alike, against a real server (\`test/conformance\`). *Answered* and *refused* count the
cases of the table that set the field; *damaged* counts requests in which just this field was spoilt: a wrong type, a zero character, half a
surrogate pair, invalid UTF-8, far too long, too deep, not a number, an unknown value of an enum, missing or empty where it is required, another domain; and of the
whole request: no JSON, cut short, larger than 4 MiB also after decompression, under an odd Content-Type. None of these may be answered as an internal error, and none
may write anything.
This page is written by the suite itself.

`

/**
 * Methods of the contract that nothing stands behind here; one that asks a registry of packages, which test/plugins calls; and one
 * that sends to somebody, which test/webhooks calls.
 */
const ALWAYS_REFUSED = [
  'gleaner.v1.PluginVersion.refresh',
  'gleaner.v1.Webhook.test',
  'spaceone.api.identity.v1.Project.add_member',
  'spaceone.api.identity.v1.Project.modify_member',
  'spaceone.api.identity.v1.Project.remove_member',
  'spaceone.api.secret.v1.Secret.get_data',
]

let world: World
/** The fields that each case's request has set, and the damage done to each method: what the matrix shows. */
const ran: (Case & { readonly fields: readonly string[] })[] = []
const damaged = new Map<string, readonly string[]>()
/** Of each method the first call that was answered over REST. */
const examples = new Map<string, Example>()

beforeAll(async () => {
  world = await openWorld({ apiKey: randomBytes(24).toString('hex') })
})
afterAll(async () => {
  console.info(summaryOf(ran, damaged))
  await world.stop()
})

describe.each([...Map.groupBy(CASES, ({ method }) => method)])('%s', (method, cases) => {
  test.each(cases.map((each) => [each.about, each] as const))('%s', async (_about, each) => {
    for (const transport of transportsOf(each)) {
      const request = await each.request(world)
      const answer = await world.caller[transport](method, request)
      assertAnswer(transport, answer, each.expected)
      if (transport === 'rest') ran.push({ ...each, fields: Object.keys(request) })
      if (transport === 'rest' && answer.ok && !examples.has(method)) {
        const { call, reply } = makeRepeatable({ call: request, reply: answer.json })
        examples.set(method, { request: call, answer: reply })
      }
    }
  })

  test('spoilt requests are refused, harm nothing and write nothing', async () => {
    const good = await goodRequest(cases)
    const tried = damagedRequests(methodOf(method), good)
    const before = await fingerprint(world.app.database.db)
    await atOnce(
      tried.filter(({ mayPass }) => mayPass !== true),
      async (each) => assertHarmless(each, await send(method, each)),
    )
    expect(await fingerprint(world.app.database.db)).toEqual(before)
    for (const each of tried.filter(({ mayPass }) => mayPass === true)) {
      assertHarmless(each, await send(method, each))
    }
    expect(Object.prototype).not.toHaveProperty('polluted')
    damaged.set(
      method,
      tried.map(({ field }) => field),
    )
  })
})

test('every method that is served has cases, and every field of a request is set by one', () => {
  const missing = [...world.caller.served.keys()].flatMap((method) => {
    const fields = new Set(ran.filter((each) => each.method === method).flatMap((each) => each.fields))
    return methodOf(method)
      .input.fields.filter(({ name }) => !fields.has(name))
      .map(({ name }) => `${method} ${name}`)
  })
  expect(missing).toEqual([])
})

test('the matrix in the documentation is the one that was run', async () => {
  await expect(INTRODUCTION + matrixOf(ran, damaged)).toMatchFileSnapshot(join(REFERENCE, 'conformance.md'))
})

test('every method has an example that was answered, but for those that are always refused', () => {
  const answered = new Set(CASES.filter(({ expected }) => 'ok' in expected).map(({ method }) => method))
  const without = [...world.caller.served.keys()].filter((method) => !examples.has(method))
  expect(without.filter((method) => answered.has(method))).toEqual([])
  expect(without.toSorted()).toEqual(ALWAYS_REFUSED)
})

test('the reference of the API holds the comments of the contract and examples that were run', async () => {
  const reference = apiReference(world.caller.served, examples)
  await expect(reference).toMatchFileSnapshot(join(REFERENCE, 'api.md'))
})

function transportsOf({ only }: Case): readonly Transport[] {
  return only === undefined ? ['grpc', 'rest'] : [only]
}

function assertAnswer(transport: Transport, answer: Answer, expected: Expected): void {
  if ('ok' in expected) {
    expect(answer, `over ${transport}`).toMatchObject({ ok: true, json: expected.ok })
    return
  }
  const { grpc, http } = STATUS_OF_KIND[expected.refused]
  expect(answer, `over ${transport}`).toMatchObject({
    ok: false,
    status: transport === 'grpc' ? grpc : http,
    code: expect.stringMatching(`^${expected.code}`),
  })
  const message = answer.ok ? '' : answer.message
  for (const said of [expected.says].flat()) expect(message, `over ${transport}`).toContain(said)
}

// Of a method that this server always refuses, its first case says what a whole request is.
async function goodRequest(cases: readonly Case[]): Promise<JsonObject> {
  const good = cases.find(({ expected }) => 'ok' in expected) ?? cases[0]
  if (good === undefined) throw new Error('the method has no case')
  return good.request(world)
}

/** None of them writes, so none can be in the way of another; one after the other they would wait for most of the time. */
async function atOnce(requests: readonly Damaged[], check: (each: Damaged) => Promise<void>): Promise<void> {
  const waiting = requests.values()
  const goOn = async () => {
    for (const each of waiting) await check(each)
  }
  await Promise.all(Array.from({ length: 6 }, goOn))
}

function send(method: string, { transport, body, headers, isCompressed }: Damaged): Promise<Answer> {
  return transport === 'rest'
    ? world.caller.restBody(method, body, headers)
    : world.caller.grpcBytes(method, Buffer.from(body), isCompressed)
}

const TOO_LARGE = STATUS_OF_KIND.exhausted.grpc
const INTERNAL = new Set<number>([STATUS_OF_KIND.internal.grpc, STATUS_OF_KIND.internal.http, 2])

function assertHarmless({ about, field, mayPass, transport, isOfTransport }: Damaged, answer: Answer): void {
  const what = `${field || 'the body'}: ${about} over ${transport}`
  if (answer.ok) {
    expect(mayPass, `${what} was accepted`).toBe(true)
    return
  }
  expect(INTERNAL.has(answer.status), `${what}: ${answer.status} ${answer.code}: ${answer.message}`).toBe(
    false,
  )
  if (isOfTransport) expect(answer.status, what).toBe(TOO_LARGE)
  else expect(answer.code, what).toMatch(/^ERROR_/)
}
