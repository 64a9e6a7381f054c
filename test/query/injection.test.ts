import type { JsonObject } from '@bufbuild/protobuf'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { InvalidParameter } from '../../src/core/errors.ts'
import type { Query } from '../../src/gen/spaceone/api/core/v1/query_pb.ts'
import { compileList, listEntities } from '../../src/query/index.ts'
import { Random } from '../inventory/decode/support/random.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { createSampleTables, givenSamples, sampleEntity, testContext, toQuery } from './sample.ts'

/** Every one holds `zqx`, so that any trace of it in a statement's text is found. */
const CORPUS = [
  `zqx'; drop table sample; --`,
  `zqx' or '1'='1`,
  `zqx" or "1"="1`,
  `zqx\\'; select pg_sleep(10); --`,
  `zqx') or true --`,
  `zqx"] ? (@ == 1) || $.** ? (true`,
  `zqx" || @ like_regex ".*`,
  `zqx\\" ? (true) "`,
  `zqx$1`,
  `zqx/*`,
  `zqx{"a":1}`,
  `{zqx,"x"}`,
  `zqx%_\\`,
  `zqx\u2028\u0001\t\n`,
  `zqx\\u0022`,
  `zqx(((((a+)+)+)+)+$`,
  `__proto__zqx`,
  `zqx:${'a'.repeat(500)}`,
  `zqx😀ﬀ\u202e`,
]

/** What SQL, jsonpath, JSON, arrays, patterns and paths give a meaning to. */
const PIECES = [
  ...[
    `'`,
    `''`,
    '"',
    '""',
    '\\',
    '\\\\',
    `\\'`,
    '`',
    '$',
    '$$',
    '$1',
    '$v',
    '@',
    '?',
    '%',
    '_',
    ';',
    '--',
    '/*',
    '*/',
  ],
  ...[
    '(',
    ')',
    '()',
    '[',
    ']',
    '[*]',
    '{',
    '}',
    '{}',
    ',',
    ':',
    '::text',
    '.',
    '*',
    '**',
    '+',
    '|',
    '||',
    '&&',
    '#>>',
  ],
  ...[
    '^',
    '!',
    '=',
    '<',
    '>',
    '~',
    '\n',
    '\t',
    '\u0001',
    '\u2028',
    '\ufeff',
    '\ufffe',
    'é',
    '😀',
    ' ',
    '0',
    '1',
    'null',
  ],
  ...[
    ' or true',
    ' and ',
    'union select 1',
    'pg_sleep(9)',
    'true',
    'lax $',
    'strict $',
    '.type()',
    'like_regex',
    '(?c)',
  ],
  ...[
    '***=',
    '***:',
    '\\u0000',
    '\\x00',
    "E'\\n'",
    'chr(0)',
    '}}',
    '{1,9}',
    '(?:',
    '(?=',
    '\\1',
    '__proto__',
    '-1',
  ],
]

/** Each position of a query in which a caller can write text. */
const POSITIONS: Readonly<Record<string, (text: string) => JsonObject>> = {
  key: (text) => ({ filter: [{ key: text, operator: 'eq', value: 'x' }] }),
  'document path': (text) => ({ filter: [{ key: `data.${text}`, operator: 'eq', value: 'x' }] }),
  'document path after an index': (text) => ({
    filter: [{ key: `data.0.${text}`, operator: 'exists', value: true }],
  }),
  'path before an index': (text) => ({ filter: [{ key: `data.${text}.0`, operator: 'in', value: ['x'] }] }),
  'tag name': (text) => ({ filter: [{ key: `tags.${text}`, operator: 'contain', value: 'x' }] }),
  operator: (text) => ({ filter: [{ key: 'name', operator: text, value: 'x' }] }),
  'column value': (text) => ({ filter: [{ key: 'name', operator: 'eq', value: text }] }),
  'column list': (text) => ({ filter: [{ key: 'name', operator: 'in', value: [text, 'x'] }] }),
  'column substring': (text) => ({ filter: [{ key: 'name', operator: 'contain', value: text }] }),
  'number value': (text) => ({ filter: [{ key: 'size', operator: 'eq', value: text }] }),
  'instant value': (text) => ({ filter: [{ key: 'seen_at', operator: 'gt', value: text }] }),
  'list value': (text) => ({ filter: [{ key: 'addresses', operator: 'contain_in', value: [text] }] }),
  'document value': (text) => ({ filter: [{ key: 'data.x', operator: 'eq', value: text }] }),
  'document object': (text) => ({ filter: [{ key: 'data.x', operator: 'eq', value: { [text]: text } }] }),
  'document list': (text) => ({
    filter: [{ key: 'data.x', operator: 'not_in', value: [text, { a: text }] }],
  }),
  'document substring': (text) => ({
    filter: [{ key: 'data.x', operator: 'not_contain_in', value: [text, 'x'] }],
  }),
  'document order': (text) => ({ filter: [{ key: 'data.x', operator: 'lte', value: text }] }),
  'collection value': (text) => ({ filter: [{ key: 'notes.author', operator: 'contain', value: text }] }),
  'column pattern': (text) => ({ filter: [{ key: 'name', operator: 'regex', value: text }] }),
  'list pattern': (text) => ({ filter: [{ key: 'addresses', operator: 'regex_in', value: [text, 'x'] }] }),
  'document pattern': (text) => ({ filter: [{ key: 'data.x', operator: 'regex', value: text }] }),
  'document patterns': (text) => ({ filter: [{ key: 'data.x', operator: 'regex_in', value: ['y', text] }] }),
  'date value': (text) => ({ filter: [{ key: 'data.x', operator: 'datetime_lt', value: text }] }),
  'relative time': (text) => ({ filter: [{ key: 'seen_at', operator: 'timediff_gt', value: text }] }),
  'match path': (text) => ({ filter: [{ key: 'data.x', operator: 'match', value: { [text]: text } }] }),
  'match path after an index': (text) => ({
    filter: [{ key: 'data.x', operator: 'match', value: { [`y.0.${text}`]: null } }],
  }),
  'match of a collection': (text) => ({
    filter: [{ key: 'notes', operator: 'match', value: { author: text } }],
  }),
  'field of a collection': (text) => ({
    filter: [{ key: 'notes', operator: 'match', value: { [text]: 'x' } }],
  }),
  'document path between indexes': (text) => ({
    filter: [{ key: `data.a.0.${text}.1.x`, operator: 'contain', value: 'x' }],
  }),
  sort: (text) => ({ sort: { key: text } }),
  'sort path': (text) => ({ sort: { keys: [{ key: `data.${text}`, desc: true }] } }),
  only: (text) => ({ only: [text] }),
  'only path': (text) => ({ only: [`data.${text}`] }),
  keyword: (text) => ({ keyword: text }),
}

const SEED = Number(process.env.GLEANER_QUERY_SEED ?? 20_261_123)

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
  await createSampleTables(database.db)
  await givenSamples(database.db, 'domain-mine', [{ sample_id: 'a', name: 'x', data: { x: 'x' } }])
  await givenSamples(database.db, 'domain-theirs', [{ sample_id: 'b', name: 'x', data: { x: 'x' } }])
})

afterAll(() => database.drop())

describe.each(Object.entries(POSITIONS))('text in %s', (_, place) => {
  test.each(CORPUS)('stays data: %j', async (text) => {
    await expectStaysData(toQuery(place(text)), text)
  })
})

async function expectStaysData(query: Query, what: string): Promise<void> {
  const compiled = tryCompile(query)
  if (compiled !== undefined) expect(compiled.text, what).not.toContain('zqx')

  const answer = await listEntities(testContext(database.db), sampleEntity, {
    domainId: 'domain-mine',
    query,
  }).catch((thrown: unknown) => thrown)
  if (answer instanceof InvalidParameter) return
  expect(answer, what).not.toBeInstanceOf(Error)
  expect(JSON.stringify(answer), what).not.toContain('"sampleId":"b"')
}

// Every text of the corpus is one somebody thought of; these are the ones nobody did.
test(`1,500 random texts in random places stay data (GLEANER_QUERY_SEED=${SEED})`, async () => {
  const random = new Random(SEED)
  for (let at = 0; at < 1_500; at++) {
    const [position, place] = random.pick(Object.entries(POSITIONS))
    const pieces = Array.from({ length: 1 + random.below(8) }, () => random.pick(PIECES))
    const text = random.shuffle(['zqx', ...pieces]).join('')
    await expectStaysData(toQuery(place(text)), `${position}: ${JSON.stringify(text)}`)
  }
})

test('the corpus left both domains as they were', async () => {
  const rows = await database.db.query<{ sampleId: string }>(
    'select sample_id from sample order by sample_id',
  )
  expect(rows.map(({ sampleId }) => sampleId)).toEqual(['a', 'b'])
})

test('text with quotes and wildcards is found as it is', async () => {
  const domainId = 'domain-literal'
  for (const [at, text] of CORPUS.entries()) {
    await givenSamples(database.db, domainId, [
      { sample_id: `s${at}`, name: text, data: { [text]: text, all: [text] } },
    ])
  }
  for (const [at, text] of CORPUS.entries()) {
    const find = async (filter: JsonObject) => {
      const input = { domainId, query: toQuery({ filter: [filter] }) }
      const { rows } = await listEntities(testContext(database.db), sampleEntity, input)
      return rows.map((row) => row.sampleId)
    }
    expect(await find({ key: 'name', operator: 'eq', value: text })).toEqual([`s${at}`])
    expect(await find({ key: 'name', operator: 'contain', value: text })).toEqual([`s${at}`])
    expect(await find({ key: 'data.all', operator: 'contain', value: text })).toEqual([`s${at}`])
    expect(await find({ key: 'data.all', operator: 'in', value: [text] })).toEqual([`s${at}`])
    if (!text.includes('.')) {
      expect(await find({ key: `data.${text}`, operator: 'eq', value: text })).toEqual([`s${at}`])
    }
  }
})

function tryCompile(query: Query): { readonly text: string } | undefined {
  try {
    return compileList(sampleEntity, { domainId: 'domain-mine', query })
  } catch (thrown) {
    if (thrown instanceof InvalidParameter) return undefined
    throw thrown
  }
}
