import { afterAll, expect, test } from 'vitest'
import { type Entity, listEntities } from '../../src/query/index.ts'
import { createTestDatabase } from '../support/database.ts'
import {
  createSampleTables,
  givenSamples,
  type SampleView,
  sampleEntity,
  testContext,
  toQuery,
} from './sample.ts'

const database = await createTestDatabase()
afterAll(database.drop)
await createSampleTables(database.db)
// The same ids in another domain, so that a row read by its id alone would be the wrong one.
for (const domainId of ['domain-1', 'domain-2']) {
  const rows = Array.from({ length: 40 }, (_, at) => ({
    sample_id: `s-${(at * 7) % 40}`,
    name: `${domainId} ${at % 6}`,
    size: at % 4 === 0 ? null : at % 5,
    data: { rank: at % 3, disks: [{ size: at }] },
  }))
  await givenSamples(database.db, domainId, rows)
}

const wideEntity: Entity<SampleView> = { ...sampleEntity, isWide: true }

test.each([
  [{}],
  [{ sort: { keys: [{ key: 'size', desc: true }, { key: 'name' }] } }],
  [{ sort: { keys: [{ key: 'data.rank' }] }, filter: [{ k: 'data.disks.size', v: 20, o: 'lt' }] }],
  [{ keyword: 's-1', only: ['name', 'notes'], page: { start: 2, limit: 3 } }],
  [{ filter: [{ k: 'size', v: 3, o: 'gte' }], page: { start: 4, limit: 5 } }],
  [{ page: { start: 1_000, limit: 5 } }],
  [{ countOnly: true }],
])('a page found by key has the rows, the order and the count of any other: %j', async (query) => {
  const list = (entity: Entity<SampleView>) =>
    listEntities(testContext(database.db), entity, { domainId: 'domain-1', query: toQuery(query) })
  const expected = await list(sampleEntity)
  expect(expected.totalCount).toBeGreaterThan(0)
  expect(await list(wideEntity)).toEqual(expected)
})
