import { randomBytes } from 'node:crypto'
import type { JsonObject } from '@bufbuild/protobuf'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Authorize } from '../../src/access/index.ts'
import { type Answer, type Caller, createCaller } from '../conformance/caller.ts'
import { CASES } from '../conformance/cases/index.ts'
import { methodOf } from '../conformance/contract.ts'
import { fingerprint } from '../conformance/fingerprint.ts'
import { makeRepeatable } from '../conformance/reference.ts'
import { openWorld, type World } from '../conformance/world.ts'
import { makeThings, missingLike, nounOf, type Thing, type Things } from './foreign-things.ts'
import { type FieldPath, idFieldsOf, valueAt, withValueAt } from './id-fields.ts'
import { recordStatements, type Statements } from './statements.ts'

/**
 * Every id field of every method, over both transports: an id of another domain is answered as one that names
 * nothing, word for word, and costs the same statements, so that neither answer nor time tells that it
 * exists.
 */
const FOREIGN = 'domain-000000000002'

const FIELDS = [...Map.groupBy(CASES, ({ method }) => method).keys()].flatMap((method) =>
  idFieldsOf(methodOf(method).input).map(
    (path) => [`${method} ${path.join('.')}`, { method, path }] as const,
  ),
)

type Field = { readonly method: string; readonly path: FieldPath }

/** A request of the conformance table that is answered; one that sets the field, where there is one. */
async function goodRequest(world: World, { method, path }: Field): Promise<JsonObject> {
  const own = CASES.filter((each) => each.method === method)
  const answered = own.filter(({ expected }) => 'ok' in expected)
  for (const each of answered) {
    const request = await each.request(world)
    if (valueAt(request, path) !== '') return request
  }
  const [first = own[0]] = answered
  return first === undefined ? {} : await first.request(world)
}

type Asked = { readonly told: string; readonly statements: readonly string[] }

function suite(authorize?: Authorize) {
  let world: World
  let foreign: Things
  /**
   * Of each noun one id that names nothing; always the same, so that what is stored by it is found by both
   * alike.
   */
  let missing: ReadonlyMap<string, string>
  let statements: Statements
  const callers = new Map<string, Caller>()

  beforeAll(async () => {
    world = await openWorld({ apiKey: randomBytes(24).toString('hex'), ...(authorize && { authorize }) })
    foreign = await makeThings(world.inDomain(FOREIGN))
    missing = new Map([...foreign].map(([noun, { id }]) => [noun, missingLike(id)]))
    statements = recordStatements()
  })
  afterAll(async () => {
    statements.stop()
    for (const caller of callers.values()) caller.close()
    await world.stop()
  })

  /** Calls as an administrator of that domain. */
  async function callerOf(domain_id: string): Promise<Caller> {
    const known = callers.get(domain_id)
    if (known !== undefined) return known
    const body = { domain_id, name: 'own', role: 'ADMIN' }
    const { api_key } = await world.given('gleaner.v1.ApiKey.create', body)
    const caller = await createCaller(world.app.url, world.app.grpcAddress, String(api_key))
    callers.set(domain_id, caller)
    return caller
  }

  /**
   * What is told of the foreign thing and of nothing; `change` makes of a good request the one that is sent.
   */
  async function askForBoth(
    transport: 'grpc' | 'rest',
    field: Field,
    change: (request: JsonObject, thing: Thing) => JsonObject,
  ): Promise<readonly [theirs: Asked, nobodys: Asked]> {
    const noun = nounOf(field.path)
    const thing = foreign.get(noun) ?? { id: 'none', domainId: FOREIGN }
    let good = await goodRequest(world, field)
    const ask = async (id: string): Promise<Asked> => {
      const caller = await callerOf(String(good.domain_id || world.domain_id))
      const request = change(withValueAt(good, field.path, id), thing)
      statements.take()
      const answer = await caller[transport](field.method, request)
      const asked = { told: toldBy(answer, id), statements: statements.take() }
      // What was answered may have used up what the request speaks of.
      if (answer.ok) good = await goodRequest(world, field)
      return asked
    }
    return [await ask(thing.id), await ask(missing.get(noun) ?? 'none')]
  }

  return { askForBoth, world: () => world, foreign: () => foreign }
}

/** What a caller can tell of an answer, but for the ids, instants and running numbers of just this one. */
function toldBy(answer: Answer, id: string): string {
  const named = JSON.stringify(answer)
    .replaceAll(id, 'ID')
    .replaceAll(/-[0-9a-f]{12}\b/g, '-made')
  return JSON.stringify(makeRepeatable(JSON.parse(named))).replaceAll(/-\d+/g, '-N')
}

const TRANSPORTS = ['rest', 'grpc'] as const

describe('with both walls', () => {
  const { askForBoth, foreign } = suite()

  test('there is something of each noun in another domain', () => {
    const nouns = new Set(FIELDS.map(([, { path }]) => nounOf(path)))
    expect([...nouns].filter((noun) => !foreign().has(noun))).toEqual([])
    expect(FIELDS.length).toBeGreaterThan(80)
  })

  test.each(FIELDS)('%s', async (_name, field) => {
    for (const transport of TRANSPORTS) {
      const [theirs, nobodys] = await askForBoth(transport, field, (request) => request)
      expect({ transport, ...theirs }).toEqual({ transport, ...nobodys })
    }
  })
})

/** Lets everybody do everything in every domain. */
const letIn: Authorize = (_principal, access, domainId) => (access.domain === 'none' ? '' : domainId)

describe('with the first wall taken away, also in the foreign domain itself', () => {
  const { askForBoth, world, foreign } = suite(letIn)
  let before: Readonly<Record<string, string>>

  beforeAll(async () => {
    before = await fingerprint(world().app.database.db, domainsOf(foreign()))
  })

  test.each(FIELDS)('%s', async (_name, field) => {
    for (const transport of TRANSPORTS) {
      const [theirs, nobodys] = await askForBoth(transport, field, (request, { domainId }) => ({
        ...request,
        domain_id: domainId,
      }))
      expect({ transport, ...theirs }).toEqual({ transport, ...nobodys })
    }
  })

  test('nothing in the foreign domains was changed by any of it', async () => {
    expect(await fingerprint(world().app.database.db, domainsOf(foreign()))).toEqual(before)
  })
})

function domainsOf(things: Things): readonly string[] {
  return [...new Set([...things.values()].map(({ domainId }) => domainId))]
}
