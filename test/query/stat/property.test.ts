import { fromJson, type JsonObject, type JsonValue } from '@bufbuild/protobuf'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { StatisticsQuerySchema } from '../../../src/gen/spaceone/api/core/v1/query_pb.ts'
import { statEntities } from '../../../src/query/index.ts'
import { Random } from '../../inventory/decode/support/random.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { createSampleTables, sampleEntity, testContext } from '../sample.ts'
import { evaluateDistinct, evaluateStat } from '../support/evaluate-stat.ts'
import { insertDocuments } from '../support/insert-documents.ts'
import { randomDistinct, randomPipeline, toMessage } from '../support/random-pipelines.ts'
import { randomStatDocuments } from '../support/random-stat-documents.ts'

const SEED = 20_260_731
const DOMAINS = 20
const DOCUMENTS = 40
const PIPELINES = 30

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
  await createSampleTables(database.db)
})

afterAll(() => database.drop())

test(`random pipelines answer what the rules say (${DOMAINS * DOCUMENTS * PIPELINES} pairs, seed ${SEED})`, async () => {
  const random = new Random(SEED)
  let rows = 0
  for (let at = 0; at < DOMAINS; at++) {
    const domainId = `domain-${at}`
    const documents = randomStatDocuments(random, DOCUMENTS)
    await insertDocuments(database.db, domainId, documents)
    for (let run = 0; run < PIPELINES; run++) {
      const stages = randomPipeline(random, documents)
      const aggregate = stages.map((stage) => toMessage(stage, random)) as JsonObject[]
      const expected = evaluateStat(documents, stages)
      const answer = await stat(domainId, { aggregate })
      rows += Array.isArray(answer) ? answer.length : 0
      expect(rounded(answer), JSON.stringify({ at, stages })).toEqual(rounded(expected))
    }
    const distinct = randomDistinct(random)
    expect(await stat(domainId, { distinct }), distinct).toEqual(evaluateDistinct(documents, distinct))
  }
  // Pipelines that leave nothing would prove nothing.
  expect(rows).toBeGreaterThan(DOMAINS * PIPELINES)
})

async function stat(domainId: string, query: JsonObject): Promise<unknown> {
  const input = { domainId, query: fromJson(StatisticsQuerySchema, query) }
  const { results } = await statEntities(testContext(database.db), sampleEntity, input).catch(
    (thrown: unknown) => {
      throw new Error(`failed: ${JSON.stringify(query)}`, { cause: thrown })
    },
  )
  return results
}

/** Numbers to ten digits: the database divides decimals, JavaScript binary fractions. */
function rounded(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, inner: JsonValue) =>
    typeof inner === 'number' ? Number(inner.toPrecision(10)) : inner,
  )
}
