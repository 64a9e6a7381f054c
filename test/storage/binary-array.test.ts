import { afterAll, describe, expect, it } from 'vitest'
import * as storage from '../../src/storage/index.ts'
import { createEmptyDatabase } from '../support/database.ts'

const test = await createEmptyDatabase()
const { db } = test
afterAll(test.drop)

/** What has broken escaping somewhere before. */
const NASTY = [
  '',
  ' ',
  'null',
  'NULL',
  '"',
  "'",
  '\\',
  '\\"',
  '{}',
  '{a,b}',
  ',',
  '\n\r\t\u0001\u007f',
  'äß€😀',
  '\ud83d\ude00\u0301',
  '$1',
  '--',
  'x'.repeat(1024 * 1024),
]

/** Sends the array and reads its elements back one by one, in order. */
async function roundTrip(type: string, array: Buffer): Promise<unknown[]> {
  const rows = await db.query<{ element: unknown }>(
    `select element from unnest($1::${type}[]) with ordinality as t(element, position) order by position`,
    [array],
  )
  return rows.map((row) => row.element)
}

describe('the server reads back what was encoded', () => {
  const documents = NASTY.map((value) => ({ value, nested: [value, null, 1.5] }))
  const cases: [type: string, array: Buffer, expected: unknown[]][] = [
    ['text', storage.textArray([...NASTY, null]), [...NASTY, null]],
    ['jsonb', storage.jsonbArray([...documents.map((it) => JSON.stringify(it)), null]), [...documents, null]],
    ['jsonb', storage.jsonbArray(documents.map((it) => Buffer.from(JSON.stringify(it)))), documents],
    ['jsonb', storage.jsonbArray(['null', null]), [null, null]],
    [
      'uuid',
      storage.uuidArray([
        '00000000-0000-0000-0000-000000000000',
        null,
        'ABCDEF01-2345-6789-abcd-ef0123456789',
      ]),
      ['00000000-0000-0000-0000-000000000000', null, 'abcdef01-2345-6789-abcd-ef0123456789'],
    ],
    [
      'int4',
      storage.int4Array([0, -1, 2147483647, -2147483648, null]),
      [0, -1, 2147483647, -2147483648, null],
    ],
    [
      'int8',
      storage.int8Array([0, -1, 9007199254740991, -(2n ** 63n), 2n ** 63n - 1n, null]),
      [0, -1, 9007199254740991, -(2n ** 63n), 2n ** 63n - 1n, null],
    ],
    [
      'float8',
      storage.float8Array([0.1, -0, 5e-324, Number.MAX_VALUE, Number.NaN, -Infinity, null]),
      [0.1, -0, 5e-324, Number.MAX_VALUE, Number.NaN, -Infinity, null],
    ],
    ['bool', storage.boolArray([true, false, null]), [true, false, null]],
    [
      'bytea',
      storage.byteaArray([Buffer.from([0, 255]), Buffer.alloc(0), null]),
      [Buffer.from([0, 255]), Buffer.alloc(0), null],
    ],
    [
      'timestamptz',
      storage.timestamptzArray([
        new Date(0),
        new Date('2026-11-23T05:00:00.123Z'),
        new Date('9999-12-31T23:59:59.999Z'),
        new Date('1700-01-01T00:00:00.001Z'),
        null,
      ]),
      [
        new Date(0),
        new Date('2026-11-23T05:00:00.123Z'),
        new Date('9999-12-31T23:59:59.999Z'),
        new Date('1700-01-01T00:00:00.001Z'),
        null,
      ],
    ],
  ]
  for (const [type, array, expected] of cases) {
    it(`${type}[] of ${expected.length}`, async () => {
      expect(await roundTrip(type, array)).toEqual(expected)
    })
  }
})

it('encodes empty arrays and arrays of nothing but null', async () => {
  expect(await roundTrip('text', storage.textArray([]))).toEqual([])
  expect(await roundTrip('jsonb', storage.jsonbArray([]))).toEqual([])
  expect(await roundTrip('int8', storage.int8Array([null, null]))).toEqual([null, null])
})

it('replaces a lone surrogate, as every encoder of UTF-8 does', async () => {
  expect(await roundTrip('text', storage.textArray(['a\ud800b']))).toEqual(['a\ufffdb'])
})

it('passes several arrays of one length to one statement', async () => {
  const rows = await db.query(
    'select * from unnest($1::text[], $2::jsonb[], $3::int8[]) as t(name, doc, n)',
    [storage.textArray(['a', 'b']), storage.jsonbArray(['{"x":1}', '[]']), storage.int8Array([1, null])],
  )
  expect(rows).toEqual([
    { name: 'a', doc: { x: 1 }, n: 1 },
    { name: 'b', doc: [], n: null },
  ])
})

it('leaves a zero byte to the server, which refuses it as bad data', async () => {
  const sent = roundTrip('text', storage.textArray(['a\u0000b']))
  await expect(sent).rejects.toSatisfy((error) => storage.sqlState(error) === '22021')
})

it('refuses values that do not fit their type', () => {
  expect(() => storage.int4Array([2147483648])).toThrow(RangeError)
  expect(() => storage.int4Array([1.5])).toThrow(RangeError)
  expect(() => storage.int8Array([2n ** 63n])).toThrow(RangeError)
  expect(() => storage.int8Array([1.5])).toThrow(RangeError)
  expect(() => storage.uuidArray(['1234'])).toThrow(RangeError)
  expect(() => storage.uuidArray(['zzzzzzzz-0000-0000-0000-000000000000'])).toThrow(RangeError)
  expect(() => storage.timestamptzArray([new Date('never')])).toThrow(RangeError)
})
