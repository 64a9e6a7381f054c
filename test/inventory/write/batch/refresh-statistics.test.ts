import { afterAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../../support/database.ts'
import { bucket, givenContributor, givenDomain, runOnce } from '../support.ts'

const { db, drop } = await createTestDatabase()
afterAll(drop)

const many = (prefix: string) =>
  Array.from({ length: 25 }, (_, chunk) =>
    Array.from({ length: 100 }, (__, at) => bucket({ id: `${prefix}-${chunk * 100 + at}` })),
  )

test('a domain that grows beside known ones is made known to the planner', async () => {
  // While autovacuum holds the table, the run leaves it alone.
  await db.query('alter table cloud_service set (autovacuum_enabled = false)')
  const known = await givenContributor(db, await givenDomain(db))
  await runOnce(db, known, many('known'))
  await db.query('analyze cloud_service')
  const grows = await givenContributor(db, await givenDomain(db))

  await runOnce(db, grows, many('new'))

  const [row] = await db.query<{ isKnown: boolean }>(
    `select $1 = any(most_common_vals::text::text[]) as is_known from pg_stats
      where tablename = 'cloud_service' and attname = 'domain_id'`,
    [grows.domainId],
  )
  expect(row?.isKnown).toBe(true)
})
