import { afterAll, describe, expect, test } from 'vitest'
import type { Database } from '../../../../src/storage/index.ts'
import { createTestDatabase } from '../../../support/database.ts'
import { watchStatements } from '../../../support/watch-statements.ts'
import {
  bucket,
  type Contributor,
  closeTask,
  givenContributor,
  givenDomain,
  listBuckets,
  message,
  region,
  runOnce,
} from '../support.ts'

const { db, drop } = await createTestDatabase()
afterAll(drop)

const givenOne = async () => givenContributor(db, await givenDomain(db))
const filterCache = message('inventory.FilterCache', [], { since: 'today' })
const chunksOf = (ids: readonly string[]) => ids.map((id) => [bucket({ id })])

describe('a first run', () => {
  test('stores two batches of new resources at the same time', async () => {
    const acme = await givenOne()
    const copies = watchCopies(db)

    const run = await runOnce(copies.watched, acme, chunksOf(['a', 'b', 'c', 'd']), {
      maxBatchItems: 2,
      // Neither ends before both have stored their resources.
      recordBatch: () => copies.two,
    })

    expect(run).toMatchObject({ outcome: 'complete', created: 4, failed: 0, messages: 4 })
    await expectWhole(acme, run.taskSeq, ['a', 'b', 'c', 'd'])
  })

  test.each([
    ['has one of its resources', [bucket({ id: 'b', data: { v: 2 } }), bucket({ id: 'c' })], 1],
    ['has a kind that others look for', [region('eu-1'), bucket({ id: 'c' })], 0],
    ['is matched by something else', [bucket({ id: 'c', rule: ['name'] }), bucket({ id: 'd' })], 0],
    ['was not read in full', [Uint8Array.of(0xff, 0xff, 0xff), bucket({ id: 'c' }), bucket({ id: 'd' })], 1],
    ['says what to ask for next time', [filterCache, bucket({ id: 'c' }), bucket({ id: 'd' })], 0],
  ])('waits for a batch when the next one %s', async (_, next, failed) => {
    const acme = await givenOne()
    const copies = watchCopies(db)
    const stream = [[bucket({ id: 'a' }), bucket({ id: 'b' })], next]

    const run = await runOnce(copies.watched, acme, stream, { maxBatchItems: 2 })

    expect(run).toMatchObject({ outcome: 'complete', failed })
    expect(copies.mostAtOnce()).toBe(1)
    const [, second] = await listBuckets(db, acme.domainId)
    expect(second?.data).toEqual({ objects: 1 })
  })

  test('keeps all but the one resource that the database refuses in one of them', async () => {
    const acme = await givenOne()
    await db.query("alter table cloud_service add constraint no_poison check (resource_id <> 'poison')")

    const run = await runOnce(db, acme, chunksOf(['a', 'b', 'poison', 'c', 'd', 'e']), { maxBatchItems: 2 })
    await db.query('alter table cloud_service drop constraint no_poison')

    expect(run).toMatchObject({ outcome: 'complete', created: 5, failed: 1, messages: 6 })
    await expectWhole(acme, run.taskSeq, ['a', 'b', 'c', 'd', 'e'])
  })

  test('remembers what to ask for next time with the last part of a batch that was split', async () => {
    const acme = await givenOne()
    const { watched, statements } = watchStatements(db)
    await db.query("alter table cloud_service add constraint no_poison check (resource_id <> 'poison')")

    const stream = [[filterCache, bucket({ id: 'a' }), bucket({ id: 'poison' }), bucket({ id: 'b' })]]
    const run = await runOnce(watched, acme, stream)
    await db.query('alter table cloud_service drop constraint no_poison')

    expect(run).toMatchObject({ outcome: 'complete', created: 2, failed: 1 })
    const places = (start: string) =>
      statements.flatMap((text, at) => (text.trimStart().startsWith(start) ? [at] : []))
    const remembered = places('insert into filter_cache')
    expect(remembered).toHaveLength(1)
    expect(remembered[0]).toBeGreaterThan(places('insert into contribution').at(-1) ?? Infinity)
  })

  test.each([1, 2, 3])(
    'that dies in batch %i is continued by another one that counts nothing twice',
    async (at) => {
      const acme = await givenOne()
      const ids = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
      const died = new Error('died')
      let batches = 0
      // What the batch that dies has counted is rolled back with it.
      const recordBatch = async () => {
        batches++
        if (batches === at) throw died
      }
      const first = await runOnce(db, acme, chunksOf(ids), { maxBatchItems: 2, recordBatch })
      const stored = (await listBuckets(db, acme.domainId)).length

      const second = await runOnce(db, acme, chunksOf(ids), {
        maxBatchItems: 2,
        attempt: 2,
        taskSeq: first.taskSeq,
      })

      expect(first.outcome).toBe(died)
      expect(first.created).toBe(stored)
      expect(first.created + second.created).toBe(ids.length)
      expect(second).toMatchObject({ outcome: 'complete', unchanged: 0, failed: 0 })
      await expectWhole(acme, first.taskSeq, ids)
    },
  )
})

/** These resources and no others, each with a contribution in a slot of its own that the run has seen. */
async function expectWhole(acme: Contributor, taskSeq: number, ids: readonly string[]): Promise<void> {
  await closeTask(db, acme, taskSeq)
  const rows = await db.query<{ resourceId: string; isSeen: boolean }>(
    `select s.resource_id, get_bit(r.seen, c.slot) = 1 as is_seen
       from cloud_service s
       join contribution c on c.domain_id = s.domain_id and c.target_id = s.cloud_service_id
       join run r on r.domain_id = s.domain_id and r.contributor_id = c.contributor_id
      where s.domain_id = $1 order by 1`,
    [acme.domainId],
  )
  expect(rows).toEqual(ids.map((resourceId) => ({ resourceId, isSeen: true })))
  const [run] = await db.query('select seen_count from run where domain_id = $1', [acme.domainId])
  expect(run).toEqual({ seenCount: ids.length })
}

/** The same database, which tells when two COPYs have ended, and how many transactions were open at once. */
function watchCopies(inner: Database) {
  const { promise: two, resolve } = Promise.withResolvers<void>()
  let copies = 0
  let open = 0
  let most = 0
  const watched: Database = {
    ...inner,
    transaction: (run, options) => {
      open++
      most = Math.max(most, open)
      const ended = inner.transaction(
        (tx) =>
          run({
            afterCommit: (effect) => tx.afterCommit(effect),
            query: (text, ...rest) => tx.query(text, ...rest),
            copyOut: (text, take) => tx.copyOut(text, take),
            copyIn: async (text, pieces) => {
              await tx.copyIn(text, pieces)
              if (++copies === 2) resolve()
            },
          }),
        options,
      )
      return ended.finally(() => open--)
    },
  }
  return { watched, two, mostAtOnce: () => most }
}
