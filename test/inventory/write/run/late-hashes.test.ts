import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '../../../../src/storage/index.ts'
import { createTestDatabase } from '../../../support/database.ts'
import { watchStatements } from '../../../support/watch-statements.ts'
import { entry, field, value } from '../../decode/support/wire.ts'
import { bucket, type Contributor, givenContributor, givenDomain, listBuckets, runOnce } from '../support.ts'

const { db, drop } = await createTestDatabase()
afterAll(drop)

/** Enough for a run to notice that what it knows comes in new bytes. */
const COUNT = 1_200
const numbers = Array.from({ length: COUNT }, (_, at) => at)
const idOf = (at: number) => `b${String(at).padStart(5, '0')}`

describe('a plugin that writes its maps in another order', () => {
  let acme: Contributor
  beforeEach(async () => {
    acme = await givenContributor(db, await givenDomain(db))
    await runOnce(db, acme, chunksOf(numbers.map((at) => bucket({ id: idOf(at), data: { x: at, y: 1 } }))))
  })

  const reordered = (change: (at: number) => number = () => 1) =>
    numbers.map((at) => bucket({ id: idOf(at), data: { y: change(at), x: at } }))

  test('brings nothing new', async () => {
    const before = await listBuckets(db, acme.domainId)

    const run = await runOnce(db, acme, chunksOf(reordered()))

    expect(run).toMatchObject({ outcome: 'complete', created: 0, updated: 0, unchanged: COUNT, failed: 0 })
    expect(await listBuckets(db, acme.domainId)).toEqual(before)
  })

  test('may go back to the old order in the middle', async () => {
    const [old, other] = [
      numbers.map((at) => bucket({ id: idOf(at), data: { x: at, y: 1 } })),
      reordered((at) => (at === 1_150 ? 2 : 1)),
    ]
    const mixed = numbers.map((at) => (at > 600 && at < 900 ? old : other)[at] ?? new Uint8Array())

    expect(await runOnce(db, acme, chunksOf(mixed))).toMatchObject({ updated: 1, unchanged: COUNT - 1 })
  })

  test.each([
    [100, true],
    [40, false],
  ])(
    'is noticed by the first messages of a run, if they are more than a few: %i',
    async (count, isNoticed) => {
      const asked: string[] = []
      const watched: Database = {
        ...db,
        query(text, ...rest) {
          asked.push(text)
          return db.query(text, ...rest)
        },
      }

      await runOnce(watched, acme, chunksOf(reordered().slice(0, count)))

      expect(asked.some((text) => text.includes('loose_memo is not null'))).toBe(isNoticed)
    },
  )

  test('has its changes found among what is as it was, once', async () => {
    const changed = reordered((at) => (at % 10 === 0 ? 2 : 1))

    expect(await runOnce(db, acme, chunksOf(changed))).toMatchObject({ updated: 120, unchanged: 1_080 })
    expect(await runOnce(db, acme, chunksOf(changed))).toMatchObject({ updated: 0, unchanged: COUNT })
  })

  test('may change something and change it back in the next run', async () => {
    await runOnce(db, acme, chunksOf(reordered((at) => (at === 1_100 ? 2 : 1))))

    expect(await runOnce(db, acme, chunksOf(reordered()))).toMatchObject({ updated: 1, unchanged: 1_199 })
    expect((await listBuckets(db, acme.domainId))[1_100]?.data).toEqual({ x: 1_100, y: 1 })
  })

  test('is told of a second content of a resource', async () => {
    const known = bucket({ id: idOf(1_100), data: { y: 1, x: 1_100 } })
    const other = bucket({ id: idOf(1_100), data: { y: 3, x: 1_100 } })
    const rest = reordered().filter((_, at) => at !== 1_100)

    const run = await runOnce(db, acme, chunksOf([...rest, known, other]))

    expect(run.errors.map(({ error_code }) => error_code)).toEqual(['ERROR_DUPLICATE_RESOURCE'])
  })

  test('sends one resource twice and has it counted once', async () => {
    const twice = [...reordered(), ...reordered().slice(0, 50)]

    expect(await runOnce(db, acme, chunksOf(twice))).toMatchObject({ unchanged: COUNT, failed: 0 })
  })

  test('is believed nothing new where a key comes twice, of which the last one counts', async () => {
    const twice = (first: number, last: number) =>
      numbers.map((at) => withRepeat(bucket({ id: idOf(at), data: { x: at } }), first, last))
    await runOnce(db, acme, chunksOf(twice(1, 2)))

    expect(await runOnce(db, acme, chunksOf(twice(2, 1)))).toMatchObject({ updated: COUNT, unchanged: 0 })
  })

  test.each([
    ['other order', (at: number) => bucket({ id: idOf(at), data: { y: 1, x: at } })],
    ['other order and with a field that is dropped', (at: number) => withDropped(at)],
  ])('asks the database for no resource that it knows in %s', async (_, message) => {
    const { watched, statements } = watchStatements(db)

    await runOnce(watched, acme, chunksOf(numbers.map(message)))

    const lookUps = statements.filter((text) => text.includes('cloud_service'))
    expect(lookUps.length).toBeLessThan(10)
  })
})

/** A field of the resource that the public model does not have. */
function withDropped(at: number): Uint8Array {
  const message = bucket({ id: idOf(at), data: { y: 1, x: at } })
  return Buffer.concat([message, field(6, entry('seen_at', value.number(at)))])
}

/** One more key of the resource, twice. */
function withRepeat(message: Uint8Array, first: number, last: number): Uint8Array {
  const repeats = [first, last].map((size) => entry('instance_size', value.number(size)))
  return Buffer.concat([message, field(6, ...repeats)])
}

function chunksOf(messages: readonly Uint8Array[]): Uint8Array[][] {
  const chunks: Uint8Array[][] = []
  for (let at = 0; at < messages.length; at += 100) chunks.push(messages.slice(at, at + 100))
  return chunks
}

describe('a new evaluation revision', () => {
  test('decodes unchanged bytes again, and knows them by hash the time after', async () => {
    const acme = await givenContributor(db, await givenDomain(db))
    const stream = [[bucket({ id: 'a' })]]
    await runOnce(db, acme, stream)
    const memoBefore = await memoOf(acme.domainId)

    const run = await runOnce(db, acme, stream, { revision: 'another' })

    expect(run).toMatchObject({ unchanged: 1, updated: 0 })
    expect(await memoOf(acme.domainId)).not.toBe(memoBefore)
  })

  async function memoOf(domainId: string) {
    const [row] = await db.query<{ memo: string }>('select memo from contribution where domain_id = $1', [
      domainId,
    ])
    return row?.memo
  }
})
