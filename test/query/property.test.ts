import { afterAll, beforeAll, expect, test } from 'vitest'
import { listEntities } from '../../src/query/index.ts'
import { OPERATOR_NAMES } from '../../src/query/operators.ts'
import { Random } from '../inventory/decode/support/random.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createSampleTables, NOW, sampleEntity, testContext, toQuery } from './sample.ts'
import { type Answer, evaluate } from './support/evaluate.ts'
import { insertDocuments } from './support/insert-documents.ts'
import { randomDocument } from './support/random-documents.ts'
import { randomQuery } from './support/random-queries.ts'
import type { SampleDocument, SampleQuery } from './support/sample-document.ts'

const SEED = Number(process.env.GLEANER_QUERY_SEED ?? 20_261_123)
/** How many times a query judges a document. */
const PAIRS = Number(process.env.GLEANER_QUERY_PAIRS ?? 100_000)
const DOCUMENTS = 200
const QUERIES = 25

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
  await createSampleTables(database.db)
})

afterAll(() => database.drop())

test(`${PAIRS} pairs of a document and a query are judged as by the rules (GLEANER_QUERY_SEED=${SEED})`, async () => {
  const telling: SampleQuery[] = []
  const rounds = Math.ceil(PAIRS / (DOCUMENTS * QUERIES))
  for (let round = 0; round < rounds; round++) {
    const random = new Random(SEED + round)
    const domainId = `domain-${round}`
    const documents = Array.from({ length: DOCUMENTS }, (_, at) => randomDocument(random, `s-${at}`))
    await insertDocuments(database.db, domainId, documents)
    for (let at = 0; at < QUERIES; at++) {
      const query = randomQuery(random, documents)
      const { totalCount } = await judge(domainId, documents, query)
      if (totalCount > 0 && totalCount < DOCUMENTS * 0.8) telling.push(query)
    }
  }
  // Queries that find everything or nothing would pass whatever conditions did.
  expect(telling.length).toBeGreaterThan((rounds * QUERIES) / 3)
  if (rounds >= 20) expect(operatorsOf(telling)).toEqual(new Set(OPERATOR_NAMES))
})

function operatorsOf(queries: readonly SampleQuery[]): ReadonlySet<string> {
  const conditions = queries.flatMap(({ filter = [], filter_or: anyOf = [] }) => [...filter, ...anyOf])
  return new Set(conditions.map(({ operator }) => operator))
}

async function judge(
  domainId: string,
  documents: readonly SampleDocument[],
  query: SampleQuery,
): Promise<Answer> {
  const expected = evaluate(documents, query, NOW)
  const message = toQuery(JSON.parse(JSON.stringify(query)))
  const answer = await listEntities(testContext(database.db), sampleEntity, {
    domainId,
    query: message,
  }).then(
    ({ rows, totalCount }): Answer => ({ ids: rows.map((row) => String(row.sampleId)), totalCount }),
    (thrown: unknown) => thrown,
  )
  expect(answer, describeCase(documents, query, expected, answer)).toEqual(expected)
  return expected
}

function describeCase(
  documents: readonly SampleDocument[],
  query: SampleQuery,
  { ids }: Answer,
  answer: unknown,
): string {
  const found: readonly string[] = (answer as Partial<Answer>).ids ?? []
  const wrong = [...ids.filter((id) => !found.includes(id)), ...found.filter((id) => !ids.includes(id))]
  const document = documents.find(({ sample_id: id }) => id === wrong[0])
  const shown = JSON.stringify(document, (_, value) => (typeof value === 'bigint' ? String(value) : value))
  return `GLEANER_QUERY_SEED=${SEED}, query ${JSON.stringify(query)}, judged differently first: ${shown ?? 'none, the order'}`
}
