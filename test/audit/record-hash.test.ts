import { afterAll, expect, test } from 'vitest'
import { type HashedRecord, hashOfRecord } from '../../src/audit/record-hash.ts'
import { createTestDatabase } from '../support/database.ts'

const { db, drop } = await createTestDatabase()
afterAll(drop)

/** Values that a careless way of writing them one after the other would mix up. */
const WORDS = [
  '',
  'a',
  '1:a',
  '3:a1:',
  ',',
  'ü',
  '\u{1f512}',
  'e\u0301',
  '\n',
  '"',
  '\\',
  '{a,b}',
  'NULL',
  ' a ',
]

test('database and server compute the same hash, whatever stands in a row', async () => {
  const random = seeded(20)
  for (let round = 0; round < 300; round++) {
    const word = () => WORDS[Math.floor(random() * WORDS.length)] ?? ''
    const record: HashedRecord = {
      domainId: word(),
      seq: `${Math.floor(random() * 1e12)}`,
      recordedAtUs: `${Math.floor(random() * 4e15)}`,
      method: word(),
      role: word(),
      apiKeyId: word(),
      ids: Array.from({ length: Math.floor(random() * 4) }, () => (random() < 0.1 ? null : word())),
      requestId: word(),
      traceId: word(),
    }
    const previous = Buffer.from(Array.from({ length: 32 }, () => Math.floor(random() * 256)))
    expect(hashOfRecord(previous, record).toString('hex'), JSON.stringify(record)).toBe(
      await hashInDatabase(previous, record),
    )
  }
})

test('the same texts in other columns are another row', async () => {
  const record = { domainId: 'd', seq: '1', recordedAtUs: '1', role: 'r', requestId: '', traceId: '' }
  const hashes = [
    { ...record, method: 'ab', apiKeyId: 'c', ids: [] },
    { ...record, method: 'a', apiKeyId: 'bc', ids: [] },
    { ...record, method: 'a', apiKeyId: '', ids: ['b', 'c'] },
    { ...record, method: 'a', apiKeyId: '', ids: ['bc'] },
    { ...record, method: 'a', apiKeyId: '', ids: ['bc', null] },
  ].map((each) => hashOfRecord(Buffer.alloc(32), each).toString('hex'))
  expect(new Set(hashes).size).toBe(hashes.length)
})

async function hashInDatabase(previous: Buffer, record: HashedRecord): Promise<string | undefined> {
  const { domainId, seq, recordedAtUs, method, role, apiKeyId, ids, requestId, traceId } = record
  const [row] = await db.query<{ hash: string }>(
    `select encode(audit_hash($1, row($2, $3::bigint, timestamptz 'epoch' + $4::bigint * interval '1 microsecond',
                                      $5, $6, $7, $8::text[], $9, $10, ''::bytea)::audit_record), 'hex') as hash`,
    [previous, domainId, seq, recordedAtUs, method, role, apiKeyId, ids, requestId, traceId],
  )
  return row?.hash
}

/** The same numbers in every run. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}
