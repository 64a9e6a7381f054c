import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listEntities } from '../../src/query/index.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createSampleTables, findIds, givenSamples, sampleEntity, testContext, toQuery } from './sample.ts'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase({ maxConnections: 4 })
  await createSampleTables(database.db)
  await givenSamples(database.db, 'domain-long', [{ sample_id: 'long', name: 'a'.repeat(9_999) }])
  await givenSamples(database.db, 'domain-other', [{ sample_id: 'x', name: 'x' }])
})

afterAll(() => database.drop())

function search(
  domainId: string,
  key: string,
  operator: string,
  value: string | string[],
  timeoutMs = 20_000,
) {
  const query = toQuery({
    filter: [
      { key: 'name', operator: 'exists', value: true },
      { key, operator, value },
    ],
  })
  return listEntities(testContext(database.db), sampleEntity, { domainId, query }, { timeoutMs })
}

describe.each(['name', 'addresses', 'data.x', 'notes.author'])('a wrong regular expression for %s', (key) => {
  test.each(['(', '[z-a]', 'a{2,1}', '*', '\\', '(?<=a', '((((a{1,255}){1,255}){1,255}){1,255})'])(
    'is INVALID_ARGUMENT, also where there is no row: %s',
    async (pattern) => {
      const refusal = { kind: 'invalid', code: 'ERROR_DB_QUERY', key: 'query.filter[1].value[1]' }
      await expect(search('domain-empty', key, 'regex_in', ['fine', pattern])).rejects.toMatchObject(refusal)
      await expect(search('domain-empty', key, 'regex_in', ['fine', pattern])).rejects.toThrow(
        /regular expression/,
      )
    },
  )
})

test('a regular expression that would run for ages ends at the time limit and disturbs nobody', async () => {
  const bombs = [1, 2, 3].map(() =>
    search('domain-long', 'name', 'regex', BOMB, 700).catch((thrown) => thrown),
  )
  const found = await findIds(database.db, 'domain-other', { keyword: 'x' })
  expect(found).toEqual(['x'])
  for (const ended of await Promise.all(bombs)) {
    expect(ended).toMatchObject({ kind: 'deadline', code: 'ERROR_STATEMENT_TIMEOUT' })
  }
  expect(await findIds(database.db, 'domain-long', { sort: { key: 'name' } })).toEqual(['long'])
})

// Twice two groups have an even length and the text an odd one, which PostgreSQL finds out by trying every
// split.
const BOMB = '^(a+)(a+)\\1\\2$'
