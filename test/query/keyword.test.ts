import { afterAll, beforeAll, expect, test } from 'vitest'
import { compileList, type Entity } from '../../src/query/index.ts'
import { keywordText } from '../../src/query/keyword.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import {
  createSampleTables,
  findIds,
  givenSamples,
  type SampleView,
  sampleEntity,
  toQuery,
} from './sample.ts'

const DOMAIN = 'domain-words'

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
  await createSampleTables(database.db)
  await givenSamples(database.db, DOMAIN, [
    { sample_id: 'k-1', name: 'front', external_id: 'end' },
    { sample_id: 'k-2', name: 'frontend', addresses: ['10.0', '0.1'] },
    { sample_id: 'k-3', name: '100%_\\', addresses: ['10.0.0.1'] },
  ])
})

afterAll(() => database.drop())

test.each([
  ['frontend', ['k-2']],
  ['front end', ['k-2', 'k-1']],
  ['10.00.1', []],
  ['10.0.0.1', ['k-3']],
  ['%_\\', ['k-3']],
  ['\\n', []],
  ['k-1k-1', []],
])('%j is looked for word by word, never across two fields', async (keyword, found) => {
  expect(await findIds(database.db, DOMAIN, { keyword, sort: { key: 'sample_id', desc: true } })).toEqual(
    found,
  )
})

test('a trigram index on the one expression of the entity serves every word', async () => {
  const entity: Entity<SampleView> = { ...sampleEntity, keywords: ['name', 'reference.external_id'] }
  const expression = keywordText(entity).replaceAll('t.', '')
  await database.db.query('create extension if not exists pg_trgm')
  await database.db.query(`create index sample_words on sample using gin ((${expression}) gin_trgm_ops)`)
  const compiled = compileList(entity, { domainId: DOMAIN, query: toQuery({ keyword: 'web server' }) })
  const plan = await database.db.transaction(async (tx) => {
    await tx.query('set local enable_seqscan = off')
    await tx.query('alter table sample drop constraint sample_pkey')
    return tx.query(`explain ${compiled.text}`, compiled.params)
  })
  const lines = plan.map((line) => Object.values(line)[0]).join('\n')
  // Once for the count and once for the page, both words each time.
  expect(lines.match(/Index Scan on sample_words[^>]*'%web%'[^>]*'%server%'/g)).toHaveLength(2)
})

test('an entity whose table keeps the text of its keywords is asked for that', () => {
  const entity: Entity<SampleView> = { ...sampleEntity, keywordText: 't.words' }
  const { text } = compileList(entity, { domainId: DOMAIN, query: toQuery({ keyword: 'web' }) })
  expect(text).toContain('t.words like lower(')
})
