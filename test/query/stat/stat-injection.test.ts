import { fromJson, type JsonObject } from '@bufbuild/protobuf'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { InvalidParameter } from '../../../src/core/errors.ts'
import { AnalyzeQuerySchema, StatisticsQuerySchema } from '../../../src/gen/spaceone/api/core/v1/query_pb.ts'
import { compileAnalyze, compileStat } from '../../../src/query/index.ts'
import { createTestDatabase, type TestDatabase } from '../../support/database.ts'
import { createSampleTables, givenSamples, sampleEntity } from '../sample.ts'
import { askAnalyze, askStat } from './ask.ts'

/** Every one holds `zqx`, so that any trace of it in a statement's text is found. */
const CORPUS = [
  `zqx'; drop table sample; --`,
  `zqx' or '1'='1`,
  `zqx" or "1"="1`,
  `zqx\\'; select pg_sleep(10); --`,
  `zqx') or true --`,
  `zqx"] ? (@ == 1) || $[*] ? (true`,
  `zqx\\" ? (true) "`,
  `zqx$1`,
  `zqx $$ $2`,
  `zqx/*`,
  `{zqx,"x"}`,
  `zqx%_\\`,
  `zqx\u2028\u0001\t\n`,
  `zqx"YYYY"`,
  `__proto__zqx`,
  `zqx😀ﬀ\u202e`,
]

const key = (k: string): JsonObject => ({ group: { keys: [{ k, n: 'n' }] } })
const field = (more: JsonObject): JsonObject => ({ group: { fields: [{ n: 'n', o: 'count', ...more }] } })

/** Each position of a stat query in which a caller can write text. */
const POSITIONS: Readonly<Record<string, (text: string) => JsonObject>> = {
  distinct: (text) => ({ distinct: `data.${text}` }),
  'unwound path': (text) => ({ aggregate: [{ unwind: { path: `data.${text}` } }, key(`data.${text}.x`)] }),
  'path around an unwound one': (text) => ({
    aggregate: [{ unwind: { path: `data.x.${text}` } }, key('data')],
  }),
  'key path': (text) => ({ aggregate: [key(`data.${text}`)] }),
  'key path after an index': (text) => ({ aggregate: [key(`data.0.${text}.1`)] }),
  'tag name': (text) => ({ aggregate: [key(`tags.${text}`)] }),
  'key name': (text) => ({
    aggregate: [{ group: { keys: [{ k: 'name', n: text }] } }, { sort: { key: text } }],
  }),
  'date format': (text) => ({
    aggregate: [{ group: { keys: [{ k: 'seen_at', n: 'n', date_format: text }] } }],
  }),
  'figure name': (text) => ({
    aggregate: [field({ n: text }), { project: { fields: [{ k: text, n: text }] } }],
  }),
  operator: (text) => ({ aggregate: [field({ o: text })] }),
  'pushed path and name': (text) => ({
    aggregate: [field({ o: 'push', fields: [{ k: `data.${text}`, n: text }] })],
  }),
  'condition path': (text) => ({
    aggregate: [field({ conditions: [{ k: `data.${text}`, o: 'eq', v: 1 }] })],
  }),
  'condition value': (text) => ({
    aggregate: [
      field({
        conditions: [
          { k: 'name', o: 'not', v: text },
          { k: 'data.x', o: 'gt', v: text },
        ],
      }),
    ],
  }),
  'condition operator': (text) => ({ aggregate: [field({ conditions: [{ k: 'name', o: text, v: 'x' }] })] }),
  'count name': (text) => ({ aggregate: [{ count: { name: text } }] }),
  'sort path': (text) => ({ aggregate: [{ sort: { key: `data.${text}` } }, { limit: 3 }] }),
  'project path, name and operator': (text) => ({
    aggregate: [
      {
        project: {
          fields: [
            { k: `data.${text}`, n: text },
            { k: 'name', n: 'x', o: text },
          ],
        },
      },
    ],
  }),
  filter: (text) => ({ distinct: 'name', filter: [{ k: `data.${text}`, o: 'eq', v: text }], keyword: text }),
}

const ANALYZE_POSITIONS: Readonly<Record<string, (text: string) => JsonObject>> = {
  group_by: (text) => ({
    group_by: [`data.${text}`],
    fields: { n: { operator: 'count' } },
    sort: [{ key: text }],
  }),
  fields: (text) => ({
    fields: { [text]: { operator: 'push', key: `data.${text}`, fields: { [text]: `data.${text}` } } },
  }),
  'figure operator': (text) => ({ fields: { x: { operator: text } } }),
  select: (text) => ({
    fields: { [text]: { operator: 'count' } },
    select: { [text]: { operator: 'add', fields: [text, 1] }, x: { operator: text, key: text } },
  }),
}

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
  await createSampleTables(database.db)
  await givenSamples(database.db, 'domain-mine', [{ sample_id: 'a', name: 'x', data: { x: ['mine'] } }])
  await givenSamples(database.db, 'domain-theirs', [
    { sample_id: 'b', name: 'theirs', data: { x: ['theirs'] } },
  ])
})

afterAll(() => database.drop())

describe.each(Object.entries(POSITIONS))('text in %s', (_, place) => {
  test.each(CORPUS)('stays data: %j', async (text) => {
    const query = place(text)
    expectBound(() =>
      compileStat(sampleEntity, { domainId: 'domain-mine', query: fromJson(StatisticsQuerySchema, query) }),
    )
    await expectMine(askStat(database.db, 'domain-mine', query))
  })
})

describe.each(Object.entries(ANALYZE_POSITIONS))('text in %s of an analyze query', (_, place) => {
  test.each(CORPUS)('stays data: %j', async (text) => {
    const query = place(text)
    expectBound(() =>
      compileAnalyze(sampleEntity, { domainId: 'domain-mine', query: fromJson(AnalyzeQuerySchema, query) }),
    )
    await expectMine(askAnalyze(database.db, 'domain-mine', query))
  })
})

test('the corpus left both domains as they were', async () => {
  const rows = await database.db.query<{ sampleId: string }>(
    'select sample_id from sample order by sample_id',
  )
  expect(rows.map(({ sampleId }) => sampleId)).toEqual(['a', 'b'])
})

test('names with quotes and dollars come back as they are', async () => {
  for (const name of [...CORPUS, '__proto__', 'constructor', '$1'].filter((text) => !text.includes('.'))) {
    const counted = await askStat(database.db, 'domain-mine', { aggregate: [{ count: { name } }] })
    expect(Object.entries(Object(Object(counted.results)[0]))).toEqual([[name, 1]])
    const fields = [{ k: 'name', n: name }]
    const pushed = { aggregate: [{ group: { fields: [{ n: 'all', o: 'push', fields }] } }] }
    const answer = await askStat(database.db, 'domain-mine', pushed)
    expect(JSON.stringify(answer.results)).toBe(`[{"all":[{${JSON.stringify(name)}:"x"}]}]`)
  }
})

function expectBound(compile: () => { readonly text: string }): void {
  try {
    expect(compile().text).not.toContain('zqx')
  } catch (thrown) {
    if (!(thrown instanceof InvalidParameter)) throw thrown
  }
}

async function expectMine(asked: Promise<JsonObject>): Promise<void> {
  const answer = await asked.catch((thrown: unknown) => thrown)
  if (answer instanceof InvalidParameter) return
  expect(answer).not.toBeInstanceOf(Error)
  expect(JSON.stringify(answer)).not.toContain('theirs')
}
