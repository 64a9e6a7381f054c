import { afterAll, describe, expect, test } from 'vitest'
import { evaluationRevision } from '../../../src/inventory/index.ts'
import { createTestDatabase } from '../../support/database.ts'
import {
  bucket,
  type Contributor,
  givenContributor,
  givenDomain,
  listBuckets,
  region,
  runOnce,
} from './support.ts'

const { db, drop } = await createTestDatabase()
afterAll(drop)

async function givenOne() {
  return givenContributor(db, await givenDomain(db))
}

describe('a changed priority', () => {
  test('is applied to unchanged bytes, also where another collector speaks of the same resource', async () => {
    const domainId = await givenDomain(db)
    const one = await givenContributor(db, domainId, { priority: 5 })
    const two = await givenContributor(db, domainId, { priority: 10 })
    const fromOne = [[bucket({ id: 'a', data: { v: 1 } })]]
    await runOnce(db, one, fromOne)
    await runOnce(db, two, [[bucket({ id: 'a', data: { v: 2 } })]])
    await setPriority(one, 20)

    const run = await runOnce(db, one, fromOne, { revision: revisionFor(20) })

    expect(run).toMatchObject({ updated: 1, unchanged: 0 })
    expect(await listBuckets(db, domainId)).toMatchObject([{ data: { v: 2 } }])
  })
})

test('a filtered run leaves the memos it could not refresh to the next whole one', async () => {
  const acme = await givenOne()
  const [a, b] = [bucket({ id: 'a' }), bucket({ id: 'b' })]
  const memos = () =>
    db.query('select memo from contribution where domain_id = $1 order by slot', [acme.domainId])
  await runOnce(db, acme, [[a, b]])
  const [before] = await memos()
  await runOnce(db, acme, [[b]], { revision: 'another', isFiltered: true })

  await runOnce(db, acme, [[a, b]], { revision: 'another' })

  expect((await memos())[0]).not.toEqual(before)
})

test('two secrets of one collector do not make a document flap: the earlier one wins', async () => {
  const domainId = await givenDomain(db)
  const first = await givenContributor(db, domainId)
  const second = await givenSecondSecret(first)
  await runOnce(db, first, [[bucket({ id: 'a', data: { v: 1 } })]])
  await runOnce(db, second, [[bucket({ id: 'a', data: { v: 2 } })]])

  await runOnce(db, second, [[bucket({ id: 'a', data: { v: 3 } })]])

  expect(await listBuckets(db, domainId)).toMatchObject([{ data: { v: 1 } }])
})

describe('a resource whose rule finds nothing while its natural key is taken', () => {
  const rule = ['reference.resource_id', 'provider', 'name']

  test('is refused with the name of the other one, and takes nothing with it', async () => {
    const acme = await givenOne()
    await runOnce(db, acme, [[bucket({ id: 'a', name: 'old', rule })]])
    const [stored] = await listBuckets(db, acme.domainId)

    const run = await runOnce(db, acme, [[bucket({ id: 'a', name: 'new', rule }), bucket({ id: 'b' })]])

    expect(run).toMatchObject({ outcome: 'complete', created: 1, failed: 1 })
    expect(run.errors[0]).toMatchObject({
      error_code: 'ERROR_DUPLICATE_RESOURCE',
      message: expect.stringContaining(String(stored?.cloudServiceId)),
    })
    expect(await listBuckets(db, acme.domainId)).toMatchObject([{ name: 'old' }, { resourceId: 'b' }])
  })

  test('is refused alone as well when it would be moved onto the key of another one', async () => {
    const acme = await givenOne()
    const byName = ['name', 'provider']
    await runOnce(db, acme, [
      [bucket({ id: 'a', name: 'one', rule: byName }), bucket({ id: 'b', name: 'two', rule: byName })],
    ])

    const run = await runOnce(db, acme, [
      [bucket({ id: 'b', name: 'one', rule: byName }), bucket({ id: 'c', name: 'three', rule: byName })],
    ])

    expect(run).toMatchObject({ outcome: 'complete', created: 1, failed: 1 })
    expect((await listBuckets(db, acme.domainId)).map(({ resourceId }) => resourceId)).toEqual([
      'a',
      'b',
      'c',
    ])
  })
})

describe('two contents of one resource in one stream', () => {
  const stored = bucket({ id: 'a', data: { v: 1 } })
  const news = bucket({ id: 'a', data: { v: 2 } })

  test('count once, and the first one wins, when the second is the known one', async () => {
    const acme = await givenOne()
    await runOnce(db, acme, [[stored]])

    const run = await runOnce(db, acme, [[news, stored]])

    expect(run).toMatchObject({ updated: 1, unchanged: 0 })
    expect(await listBuckets(db, acme.domainId)).toMatchObject([{ data: { v: 2 } }])
  })

  test('count once when the known one is read while the new one is on its way into the database', async () => {
    const acme = await givenOne()
    await runOnce(db, acme, [[stored]])
    const counted = Promise.withResolvers<void>()
    const read = Promise.withResolvers<void>()
    let batches = 0
    async function* stream() {
      yield [news]
      await counted.promise
      yield [stored]
      yield []
      read.resolve()
    }

    const run = await runOnce(db, acme, stream(), {
      // Full with the first one, and never due: a batch that is due waits for the one before, and the stream
      // with it.
      maxBatchItems: 1,
      flushAfterMs: 60_000,
      recordBatch: async () => {
        if (batches++ > 0) return
        counted.resolve()
        await read.promise
      },
    })

    expect(run).toMatchObject({ created: 0, updated: 1, unchanged: 0 })
    expect((await listBuckets(db, acme.domainId))[0]).toMatchObject({ data: { v: 2 } })
  })

  test('are the known one when that came first', async () => {
    const acme = await givenOne()
    await runOnce(db, acme, [[stored]])

    const run = await runOnce(db, acme, [[stored, news]])

    expect(run).toMatchObject({ updated: 0, unchanged: 1, failed: 1 })
    expect(await listBuckets(db, acme.domainId)).toMatchObject([{ data: { v: 1 } }])
  })
})

describe('resources that a natural key does not guard', () => {
  const nameless = (name: string, data = {}) => bucket({ id: '', name, data, rule: ['name', 'provider'] })

  test('are stored once when several collectors find them at the same moment', async () => {
    const domainId = await givenDomain(db)
    const contributors = await Promise.all(Array.from({ length: 4 }, () => givenContributor(db, domainId)))
    const all = Array.from({ length: 100 }, (_, at) => nameless(`n${at}`))

    const runs = await Promise.all(contributors.map((each) => runOnce(db, each, [all])))

    expect(runs.map(({ outcome, failed }) => ({ outcome, failed }))).toEqual(
      runs.map(() => ({ outcome: 'complete', failed: 0 })),
    )
    expect(await listBuckets(db, domainId)).toHaveLength(100)
  })

  test('are told apart by the fields of their rules, not by values alone', async () => {
    const acme = await givenOne()
    const byData = bucket({ id: '', name: 'other', data: { n: 'same' }, rule: ['data.n', 'provider'] })

    const run = await runOnce(db, acme, [[nameless('same'), byData]])

    expect(run).toMatchObject({ created: 2, failed: 0 })
  })

  test('are found again by numbers, whatever way a number is written', async () => {
    const acme = await givenOne()
    const messages = [1e21, 1.5e-7, 123_456_789_012_345_680_000, -2.5e-9, 0.1].map((number, at) =>
      bucket({ id: '', name: `n${at}`, data: { number }, rule: ['data.number'] }),
    )
    const sized = [1e15, 1e21, 1e-7].map((size, at) =>
      bucket({ id: '', name: `s${at}`, rule: ['instance_size'], extra: { instance_size: size } }),
    )
    await runOnce(db, acme, [[...messages, ...sized]])

    const run = await runOnce(db, acme, [[...messages, ...sized]], { revision: 'another' })

    expect(run).toMatchObject({ created: 0, unchanged: 8 })
  })
})

test('two new resources that one rule cannot tell apart are one and a refusal, wherever batches end', async () => {
  const rule = ['reference.resource_id']
  const pair = [bucket({ id: 'a', account: '1', rule }), bucket({ id: 'a', account: '2', rule })] as const
  const within = await givenOne()
  const across = await givenOne()
  const filler = Array.from({ length: 1_000 }, (_, at) => bucket({ id: `x${at}` }))

  const runs = [
    await runOnce(db, within, [pair]),
    await runOnce(db, across, [[pair[0], ...filler], filler, [pair[1]]]),
  ]

  expect(runs).toMatchObject([
    { created: 1, failed: 1 },
    { created: 1_001, failed: 1 },
  ])
})

test('a batch that cannot be written ends the run although the plugin is silent', async () => {
  const acme = await givenOne()
  const refused = new Error('refused')
  const silence = Promise.withResolvers<void>()
  async function* stream() {
    yield [region('eu-1')]
    await silence.promise
  }

  const refuse = async () => Promise.reject(refused)
  const run = await runOnce(db, acme, stream(), { flushAfterMs: 50, recordBatch: refuse })

  expect(run.outcome).toBe(refused)
  silence.resolve()
})

function revisionFor(priority: number): string {
  return evaluationRevision({ priority, projectId: '', pluginId: 'acme', pluginVersion: '1.0' })
}

async function setPriority({ domainId, collectorId }: Contributor, priority: number) {
  await db.query('update collector set priority = $3 where domain_id = $1 and collector_id = $2', [
    domainId,
    collectorId,
    priority,
  ])
}

async function givenSecondSecret(contributor: Contributor): Promise<Contributor> {
  const [row] = await db.query<{ contributorId: number }>(
    `insert into contributor (domain_id, collector_id, secret_id) values ($1, $2, 'secret-2') returning contributor_id`,
    [contributor.domainId, contributor.collectorId],
  )
  return { ...contributor, contributorId: row?.contributorId ?? 0 }
}

test('resources without an id of their own are found in a large domain that was never analyzed', async () => {
  const acme = await givenOne()
  await db.query('alter table cloud_service set (autovacuum_enabled = false)')
  await db.query(
    `insert into cloud_service (domain_id, cloud_service_id, name, provider, cloud_service_group, cloud_service_type,
                                resource_id, created_at, updated_at)
     select $1, 'cloud-svc-x' || n, 'n' || n, 'acme', 'g', 't', 'x' || n, now(), now() from generate_series(1, 60000) n`,
    [acme.domainId],
  )
  const rows = Array.from({ length: 1_000 }, (_, at) =>
    bucket({ id: '', name: `new${at}`, rule: ['name', 'provider'] }),
  )
  const stored = bucket({ id: '', name: 'n7', rule: ['name', 'provider'] })
  const everything = bucket({ id: '', name: 'other', rule: ['provider'] })

  const run = await runOnce(db, acme, [[...rows, stored, everything]])

  expect(run).toMatchObject({ outcome: 'complete', created: 1_000, updated: 1, failed: 1 })
  expect(run.errors[0]?.error_code).toBe('ERROR_TOO_MANY_MATCH')
})
