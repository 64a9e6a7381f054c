import { afterAll, expect, it } from 'vitest'
import { createTestDatabase } from '../support/database.ts'

const test = await createTestDatabase()
afterAll(test.drop)

it('names columns in camelCase and converts types', async () => {
  const [row] = await test.db.query(
    `select 1::int8 as one_thing, 9007199254740993::int8 as beyond, $1::bytea as raw_bytes,
       timestamptz '2026-01-02 03:04:05.678+02' as seen_at, date '2026-01-02' as day,
       '{"a_b":1}'::jsonb as doc_value, array[1,null]::int8[] as counts, null::text as nothing`,
    [Buffer.from([0, 255, 1])],
  )
  expect(row).toEqual({
    oneThing: 1,
    beyond: 9007199254740993n,
    rawBytes: Buffer.from([0, 255, 1]),
    seenAt: new Date('2026-01-02T01:04:05.678Z'),
    day: '2026-01-02',
    docValue: { a_b: 1 },
    counts: [1, null],
    nothing: null,
  })
})
