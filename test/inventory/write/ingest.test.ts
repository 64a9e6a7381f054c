import { afterAll, describe, expect, test } from 'vitest'
import { SlotSet } from '../../../src/inventory/decode/index.ts'
import { createTestDatabase } from '../../support/database.ts'
import {
  bucket,
  closeTask,
  givenContributor,
  givenDomain,
  listBuckets,
  message,
  region,
  runOnce,
  serviceType,
} from './support.ts'

const { db, drop } = await createTestDatabase()
afterAll(drop)

async function givenOne() {
  return givenContributor(db, await givenDomain(db))
}

describe('a run', () => {
  test('keeps nothing of the memory in which messages came', async () => {
    const acme = await givenOne()
    async function* wiped() {
      for (let number = 0; number < 40; number++) {
        const chunk = [bucket({ id: `b${number}`, data: { number } }), region(`eu-${number}`)]
        yield chunk
        for (const bytes of chunk) bytes.fill(0xff)
      }
    }

    const run = await runOnce(db, acme, wiped())

    expect(run).toMatchObject({ outcome: 'complete', created: 40, regions: 40, failed: 0 })
    const ids = (await listBuckets(db, acme.domainId)).map(({ resourceId }) => resourceId)
    expect(ids.toSorted()).toEqual(Array.from({ length: 40 }, (_, number) => `b${number}`).toSorted())
  })

  test('stores every kind of resource once and counts cloud services apart', async () => {
    const acme = await givenOne()
    const stream = [
      [serviceType('Bucket'), region('eu-1')],
      [bucket({ id: 'a' }), bucket({ id: 'b' })],
    ]

    const run = await runOnce(db, acme, stream)

    expect(run).toMatchObject({
      outcome: 'complete',
      created: 2,
      updated: 0,
      unchanged: 0,
      failed: 0,
      types: 1,
      regions: 1,
      messages: 4,
    })
    expect(await listBuckets(db, acme.domainId)).toMatchObject([
      { resourceId: 'a', state: 'ACTIVE' },
      { resourceId: 'b' },
    ])
  })

  test('finds everything unchanged the second time and writes no history', async () => {
    const acme = await givenOne()
    const stream = [[region('eu-1'), bucket({ id: 'a' }), bucket({ id: 'b' })]]
    await runOnce(db, acme, stream)
    const before = await listBuckets(db, acme.domainId)

    const run = await runOnce(db, acme, stream)

    expect(run).toMatchObject({ created: 0, updated: 0, unchanged: 2, regions: 1 })
    expect(await listBuckets(db, acme.domainId)).toEqual(before)
    expect(await db.query('select 1 from change_record where domain_id = $1', [acme.domainId])).toEqual([])
  })

  test('takes the same content in another key order as unchanged', async () => {
    const acme = await givenOne()
    await runOnce(db, acme, [[bucket({ id: 'a', data: { x: 1, y: { p: 1, q: 2 } } })]])

    const run = await runOnce(db, acme, [[bucket({ id: 'a', data: { y: { q: 2, p: 1 }, x: 1 } })]])

    expect(run).toMatchObject({ created: 0, updated: 0, unchanged: 1 })
  })

  test('writes a change over the old document and records the paths, removed keys too', async () => {
    const acme = await givenOne()
    await runOnce(db, acme, [
      [bucket({ id: 'a', data: { size: 1, gone: true, deep: { x: [1, 2] } }, tags: { team: 'ops' } })],
    ])

    const run = await runOnce(db, acme, [
      [bucket({ id: 'a', data: { size: 2, deep: { x: [1, 3] }, added: null }, tags: { team: 'ops' } })],
    ])

    expect(run).toMatchObject({ updated: 1, created: 0 })
    expect(await listBuckets(db, acme.domainId)).toMatchObject([{ data: { size: 2, deep: { x: [1, 3] } } }])
    const records = await db.query<{ action: string; changes: object[] }>(
      'select action, changes from change_record where domain_id = $1',
      [acme.domainId],
    )
    expect(records).toHaveLength(1)
    expect(records[0]?.changes).toEqual(
      expect.arrayContaining([
        { p: 'data.size', b: 1, a: 2 },
        { p: 'data.gone', b: true },
        { p: 'data.deep.x', b: [1, 2], a: [1, 3] },
        { p: 'data.added', a: null },
      ]),
    )
  })

  test('writes few changes among much that is known while the stream goes on', async () => {
    const acme = await givenOne()
    const ids = Array.from({ length: 1_500 }, (_, number) => `b${number}`)
    await runOnce(db, acme, [ids.map((id) => bucket({ id }))])
    const changed = ids.map((id, at) => bucket({ id, ...(at % 10 === 0 ? { data: { objects: 2 } } : {}) }))
    const counts: { updated: number; messages: number }[] = []

    const run = await runOnce(db, acme, [changed], {
      recordBatch: async (_, batch) => void counts.push(batch),
    })

    expect(run).toMatchObject({ outcome: 'complete', updated: 150, unchanged: 1_350, failed: 0 })
    expect(counts.length).toBeGreaterThan(1)
    expect(counts[0]?.messages).toBeLessThan(1_500)
  })

  test('a changed document that changes back is updated twice, though its first bytes were known once', async () => {
    const acme = await givenOne()
    const [one, two] = [bucket({ id: 'a', data: { v: 1 } }), bucket({ id: 'a', data: { v: 2 } })]
    await runOnce(db, acme, [[one]])
    await runOnce(db, acme, [[two]])

    const run = await runOnce(db, acme, [[one]])

    expect(run).toMatchObject({ updated: 1, unchanged: 0 })
    expect(await listBuckets(db, acme.domainId)).toMatchObject([{ data: { v: 1 } }])
  })

  test('refuses the second of two different documents with one key, naming both, also across batches', async () => {
    const acme = await givenOne()
    await runOnce(db, acme, [[bucket({ id: 'a', data: { v: 0 } })]])

    const within = await runOnce(db, acme, [
      [bucket({ id: 'n', name: 'one', data: { v: 1 } }), bucket({ id: 'n', name: 'two', data: { v: 2 } })],
    ])
    const many = Array.from({ length: 1_000 }, (_, at) => bucket({ id: `x${at}` }))
    const across = await runOnce(db, acme, [
      [bucket({ id: 'a', data: { v: 1 } }), ...many],
      many,
      [bucket({ id: 'a', data: { v: 2 } })],
    ])

    for (const run of [within, across]) {
      expect(run.failed).toBe(1)
      expect(run.errors[0]?.error_code).toBe('ERROR_DUPLICATE_RESOURCE')
    }
    const stored = await listBuckets(db, acme.domainId)
    expect(within.errors[0]?.message).toContain("'n' (two) is by its match rules the same as 'n' (one)")
    const first = stored.find(({ resourceId }) => resourceId === 'a')
    expect(across.errors[0]?.message).toContain(
      `'a' (a) is by its match rules the same as '${first?.cloudServiceId}'`,
    )
    expect(first?.data).toEqual({ v: 1 })
    expect(stored.find(({ resourceId }) => resourceId === 'n')?.data).toEqual({ v: 1 })
  })

  test('the same bytes twice in one run are one resource', async () => {
    const acme = await givenOne()
    const twice = [bucket({ id: 'a' }), bucket({ id: 'a' })]

    expect(await runOnce(db, acme, [twice])).toMatchObject({ created: 1, failed: 0, messages: 2 })
    expect(await runOnce(db, acme, [twice])).toMatchObject({ unchanged: 1, failed: 0 })
  })

  test('garbage and unusable resources are counted and named, the rest is stored', async () => {
    const acme = await givenOne()
    const stream = [
      [
        Uint8Array.from([0xff, 0xff, 0xff]),
        message('inventory.Server', ['name'], { name: 'old' }),
        message('inventory.CloudService', ['nonsense'], {
          provider: 'acme',
          cloud_service_group: 'g',
          cloud_service_type: 't',
          data: {},
        }),
        bucket({ id: 'good' }),
      ],
    ]

    const run = await runOnce(db, acme, stream)

    expect(run).toMatchObject({ outcome: 'complete', created: 1, failed: 3 })
    expect(run.errors.map(({ error_code }) => error_code)).toEqual(
      expect.arrayContaining(['ERROR_UNSUPPORTED_RESOURCE_TYPE', 'ERROR_MATCH_RULE']),
    )
  })

  test('one resource that the database refuses does not take the batch with it', async () => {
    const acme = await givenOne()
    await db.query("alter table cloud_service add constraint no_poison check (resource_id <> 'poison')")
    const stream = [[bucket({ id: 'a' }), bucket({ id: 'poison' }), bucket({ id: 'b' }), region('eu-1')]]

    const run = await runOnce(db, acme, stream)
    await db.query('alter table cloud_service drop constraint no_poison')

    expect(run).toMatchObject({ outcome: 'complete', created: 2, failed: 1, regions: 1, messages: 4 })
    expect(run.errors[0]).toMatchObject({
      error_code: 'ERROR_RESOURCE_REFUSED',
      message: expect.stringContaining("'poison'"),
    })
    expect((await listBuckets(db, acme.domainId)).map(({ resourceId }) => resourceId)).toEqual(['a', 'b'])
  })

  test('nor does one change that it refuses, which a batch learns of after it has asked for more', async () => {
    const acme = await givenOne()
    const ids = ['a', 'b', 'c']
    const stream = (v: number) => [[...ids.map((id) => bucket({ id, data: { v } })), region(`eu-${v}`)]]
    await runOnce(db, acme, stream(1))
    await db.query(
      `alter table cloud_service add constraint no_poison check (resource_id <> 'b' or data <> '{"v": 2}')`,
    )

    const run = await runOnce(db, acme, stream(2))
    await db.query('alter table cloud_service drop constraint no_poison')

    expect(run).toMatchObject({ outcome: 'complete', updated: 2, failed: 1, regions: 1, messages: 4 })
    expect(run.errors[0]).toMatchObject({ error_code: 'ERROR_RESOURCE_REFUSED' })
    expect((await listBuckets(db, acme.domainId)).map(({ data }) => data)).toEqual([
      { v: 2 },
      { v: 1 },
      { v: 2 },
    ])
  })

  test('keeps what was read when the stream fails, and throws what it threw', async () => {
    const acme = await givenOne()
    const broken = new Error('the plugin died')
    async function* stream() {
      yield [bucket({ id: 'a' })]
      throw broken
    }

    const run = await runOnce(db, acme, stream())

    expect(run.outcome).toBe(broken)
    expect(run.created).toBe(1)
    expect(await listBuckets(db, acme.domainId)).toHaveLength(1)
  })

  test('writes nothing more once the fencing token is lost', async () => {
    const acme = await givenOne()
    const lost = new Error('lease lost')
    const stream = [[bucket({ id: 'a' })]]

    const run = await runOnce(db, acme, stream, { recordBatch: async () => Promise.reject(lost) })

    expect(run.outcome).toBe(lost)
    expect(await listBuckets(db, acme.domainId)).toEqual([])
    expect(await db.query('select 1 from contribution where domain_id = $1', [acme.domainId])).toEqual([])
  })

  test('a second attempt counts nothing twice, and the run row holds what either has seen', async () => {
    const acme = await givenOne()
    async function* dies() {
      yield [bucket({ id: 'a' }), bucket({ id: 'b' })]
      throw new Error('died')
    }
    const first = await runOnce(db, acme, dies(), { attempt: 1 })

    const second = await runOnce(db, acme, [[bucket({ id: 'b' }), bucket({ id: 'c' })]], {
      attempt: 2,
      taskSeq: first.taskSeq,
    })
    await closeTask(db, acme, first.taskSeq)

    expect(second).toMatchObject({ created: 1, unchanged: 0, updated: 0 })
    const [run] = await db.query<{ seen: Buffer; seenCount: number }>(
      'select seen, seen_count from run where domain_id = $1',
      [acme.domainId],
    )
    expect(run?.seenCount).toBe(3)
    expect(SlotSet.fromBytes(run?.seen ?? Buffer.alloc(0)).count).toBe(3)
    expect(await db.query('select 1 from sighting where domain_id = $1', [acme.domainId])).toEqual([])
  })
})

describe('a collect mode', () => {
  test('CREATE adds and leaves what is there, which is then still found changed by ALL', async () => {
    const acme = await givenOne()
    await runOnce(db, acme, [[bucket({ id: 'a', data: { v: 1 } })]])
    const stream = [[bucket({ id: 'a', data: { v: 2 } }), bucket({ id: 'b' })]]

    expect(await runOnce(db, acme, stream, { mode: 'CREATE' })).toMatchObject({ created: 1, updated: 0 })
    expect(await listBuckets(db, acme.domainId)).toMatchObject([{ data: { v: 1 } }, { resourceId: 'b' }])
    expect(await runOnce(db, acme, stream)).toMatchObject({ created: 0, updated: 1, unchanged: 1 })
  })

  test('UPDATE changes what is there and adds nothing', async () => {
    const acme = await givenOne()
    await runOnce(db, acme, [[bucket({ id: 'a', data: { v: 1 } })]])

    const run = await runOnce(db, acme, [[bucket({ id: 'a', data: { v: 2 } }), bucket({ id: 'b' })]], {
      mode: 'UPDATE',
    })

    expect(run).toMatchObject({ created: 0, updated: 1 })
    expect(await listBuckets(db, acme.domainId)).toMatchObject([{ resourceId: 'a', data: { v: 2 } }])
  })
})
