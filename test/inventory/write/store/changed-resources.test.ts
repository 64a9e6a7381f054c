import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../../../support/database.ts'
import { watchStatements } from '../../../support/watch-statements.ts'
import { bucket, givenContributor, givenDomain, listBuckets, runOnce } from '../support.ts'

const { db, drop } = await createTestDatabase()
afterAll(drop)

const { watched, statements } = watchStatements(db)

describe('resources that changed', () => {
  let domainId: string
  beforeEach(async () => {
    domainId = await givenDomain(db)
    statements.length = 0
  })

  test('get what is new of each in one statement, and keep the rest', async () => {
    const acme = await givenContributor(db, domainId)
    const tags = { team: 'blue' }
    const data = { objects: 1, größe: 'ü' }
    await runOnce(db, acme, [['a', 'b', 'c', 'd'].map((id) => bucket({ id, tags, data }))])

    const run = await runOnce(watched, acme, [
      [
        bucket({ id: 'a', tags, data: { objects: 2, größe: 'ß' } }),
        bucket({ id: 'b', tags: { team: 'red' }, data }),
        bucket({ id: 'c', tags, data, name: 'Renamed' }),
        bucket({ id: 'd', tags, data }),
      ],
    ])

    expect(run).toMatchObject({ outcome: 'complete', updated: 3, unchanged: 1 })
    const [a, b, c, d] = await listBuckets(db, domainId)
    expect(a).toMatchObject({ name: 'a', tags: { acme: tags }, data: { objects: 2, größe: 'ß' } })
    expect(b).toMatchObject({ name: 'b', tags: { acme: { team: 'red' } }, data })
    expect(c).toMatchObject({ name: 'Renamed', tags: { acme: tags }, data })
    expect(d).toMatchObject({ name: 'd', tags: { acme: tags }, data })
    expect(statements.filter((text) => text.startsWith('update cloud_service '))).toHaveLength(1)
  })

  test('are found by the words of their new name', async () => {
    const acme = await givenContributor(db, domainId)
    await runOnce(db, acme, [[bucket({ id: 'a', name: 'Old' })]])

    await runOnce(db, acme, [[bucket({ id: 'a', name: 'New' })]])

    const [row] = await db.query<{ keywords: string }>(
      'select keywords from cloud_service where domain_id = $1',
      [domainId],
    )
    expect(row?.keywords).toMatch(/^new\n/)
  })

  test('stay in the page they are in, so that no index is told of them', async () => {
    const acme = await givenContributor(db, domainId)
    const ids = Array.from({ length: 120 }, (_, at) => `bucket-${String(at).padStart(3, '0')}`)
    await runOnce(db, acme, [ids.map((id) => bucket({ id }))])
    const before = await listPages(domainId)

    const changed = ids.map((id, at) => bucket({ id, data: { objects: at % 40 === 5 ? 2 : 1 } }))
    const run = await runOnce(db, acme, [changed])

    expect(run).toMatchObject({ updated: 3, unchanged: 117 })
    expect(new Set(Object.values(before.resources)).size).toBeGreaterThan(1)
    expect(await listPages(domainId)).toEqual(before)
  })

  /** Where each resource and what is said of it lies: the number of its page. */
  async function listPages(domain: string) {
    const pages = async (table: string, id: string) => {
      const rows = await db.query<{ id: string; page: string }>(
        `select ${id} as id, split_part(ctid::text, ',', 1) as page from ${table} where domain_id = $1 order by 1`,
        [domain],
      )
      return Object.fromEntries(rows.map(({ id: name, page }) => [name, page]))
    }
    return {
      resources: await pages('cloud_service', 'resource_id'),
      contributions: await pages('contribution', 'target_id'),
    }
  }
})
