import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../../../support/database.ts'
import { watchStatements } from '../../../support/watch-statements.ts'
import { bucket, givenContributor, givenDomain, listBuckets, runOnce } from '../support.ts'

const { db, drop } = await createTestDatabase()
afterAll(drop)

const { watched, statements } = watchStatements(db)
/** Looks for stored resources by the values of match rules. */
const lookUps = () => statements.filter((text) => text.includes('m.ids is not null')).length

describe('the first run of a collector', () => {
  let domainId: string
  beforeEach(async () => {
    domainId = await givenDomain(db)
    statements.length = 0
  })

  const chunksOf = (ids: readonly string[], v = 1) => ids.map((id) => [bucket({ id, data: { v } })])

  test('stores what is new without looking for it', async () => {
    const acme = await givenContributor(db, domainId)

    const run = await runOnce(watched, acme, chunksOf(['a', 'b', 'c', 'd']), { maxBatchItems: 2 })

    expect(run).toMatchObject({ created: 4, failed: 0 })
    expect(lookUps()).toBe(0)
  })

  test('finds what another one has stored before, and looks for all that comes after it', async () => {
    await runOnce(db, await givenContributor(db, domainId), chunksOf(['c', 'e', 'f']))
    const acme = await givenContributor(db, domainId, { priority: 5 })

    const mixed = chunksOf(['a', 'b', 'c', 'd', 'e', 'f'], 2)
    const run = await runOnce(watched, acme, mixed, { maxBatchItems: 2 })

    expect(run).toMatchObject({ outcome: 'complete', created: 3, updated: 3, failed: 0 })
    expect(await listBuckets(db, domainId)).toMatchObject(
      ['a', 'b', 'c', 'd', 'e', 'f'].map((resourceId) => ({ resourceId, data: { v: 2 } })),
    )
    // Twice for a batch that failed at first: who has the keys, and what the rules find. The last one fails
    // as well where it was under way already, and is else looked for once.
    expect([3, 4]).toContain(lookUps())
  })

  test('brings back under its id what was deleted', async () => {
    await runOnce(db, await givenContributor(db, domainId), chunksOf(['a']))
    const [before] = await listBuckets(db, domainId)
    await db.query(`update cloud_service set state = 'DELETED', deleted_at = now() where domain_id = $1`, [
      domainId,
    ])

    await runOnce(db, await givenContributor(db, domainId), chunksOf(['a', 'b']))

    expect((await listBuckets(db, domainId)).map((each) => each.cloudServiceId)).toContain(
      before?.cloudServiceId,
    )
  })

  test('changes what is there when it only updates', async () => {
    await runOnce(db, await givenContributor(db, domainId), chunksOf(['a']))

    const run = await runOnce(
      db,
      await givenContributor(db, domainId, { priority: 5 }),
      chunksOf(['a', 'b'], 2),
      {
        mode: 'UPDATE',
      },
    )

    expect(run).toMatchObject({ created: 0, updated: 1 })
  })
})
