import { afterAll, expect, test } from 'vitest'
import { createTestDatabase } from '../support/database.ts'
import { givenChain, verified } from './support.ts'

const { db, drop } = await createTestDatabase()
afterAll(drop)

/** What somebody may do to a row who can write to the database; of every column. */
const CHANGES: Readonly<Record<string, string>> = {
  domain_id: `'domain-somewhere-else'`,
  seq: '-seq',
  recorded_at: `recorded_at + interval '1 microsecond'`,
  method: `method || ' '`,
  role: `'VIEWER'`,
  api_key_id: `''`,
  ids: 'array_append(ids, null)',
  request_id: `left(request_id, -1) || '_'`,
  trace_id: `' '`,
  hash: 'set_byte(hash, 31, get_byte(hash, 31) # 1)',
}

test('every column of the audit is one that somebody may change', async () => {
  const columns = await db.query<{ name: string }>(
    `select attname as name from pg_attribute where attrelid = 'audit_record'::regclass and attnum > 0`,
  )
  expect(columns.map(({ name }) => name).sort()).toEqual(Object.keys(CHANGES).sort())
})

test.each(Object.entries(CHANGES))('a changed %s is found, in every row', async (column, value) => {
  for (const seq of [1, 2, 3]) {
    const domainId = await givenChain(db, 3)
    await db.query(`update audit_record set ${column} = ${value} where domain_id = $1 and seq = $2`, [
      domainId,
      seq,
    ])
    const { breakCount, breaks } = await verified(db, domainId)
    expect([seq, breakCount > 0]).toEqual([seq, true])
    if (!['seq', 'domain_id'].includes(column)) expect(breaks[0]).toMatchObject({ seq })
  }
})

test('an instant that is none is found, and does not stop who looks', async () => {
  const domainId = await givenChain(db, 2)
  await db.query(`update audit_record set recorded_at = 'infinity' where domain_id = $1 and seq = 1`, [
    domainId,
  ])
  expect(await verified(db, domainId)).toMatchObject({ breaks: [{ seq: 1 }], count: 2 })
})

test('a removed row is found, and named', async () => {
  const domainId = await givenChain(db, 4)
  await db.query('delete from audit_record where domain_id = $1 and seq in (2, 3)', [domainId])
  expect((await verified(db, domainId)).breaks).toEqual([{ seq: 2, problem: '2 rows are missing from here' }])
})

test('a swapped pair is found', async () => {
  const domainId = await givenChain(db, 4)
  await db.query(
    `update audit_record a set recorded_at = b.recorded_at, ids = b.ids, request_id = b.request_id, hash = b.hash
       from audit_record b where a.domain_id = $1 and b.domain_id = $1 and a.seq in (2, 3) and b.seq = 5 - a.seq`,
    [domainId],
  )
  expect((await verified(db, domainId)).breaks.map(({ seq }) => seq)).toEqual([2, 3, 4])
})

test('a row that was made up is found, before the first one as well as behind the last one', async () => {
  for (const seq of [0, 3]) {
    const domainId = await givenChain(db, 2)
    await db.query(
      `insert into audit_record select domain_id, $2, recorded_at, method, role, api_key_id, ids, request_id, trace_id, hash
         from audit_record where domain_id = $1 and seq = 2`,
      [domainId, seq],
    )
    expect((await verified(db, domainId)).breaks[0]).toMatchObject({ seq })
  }
})

test('a cut tail is found by the end that is left', async () => {
  const domainId = await givenChain(db, 3)
  await db.query('delete from audit_record where domain_id = $1 and seq = 3', [domainId])
  expect((await verified(db, domainId)).breaks).toEqual([{ seq: 3, problem: 'this row is missing' }])
  await db.query('delete from audit_head where domain_id = $1', [domainId])
  expect((await verified(db, domainId)).breakCount).toBe(1)
})

test('a tail that was cut together with the end is found by an end that was kept elsewhere', async () => {
  const domainId = await givenChain(db, 3)
  const kept = (await verified(db, domainId)).head.hash.toString('hex')
  expect(await verified(db, domainId, kept)).toMatchObject({ breakCount: 0, holdsKept: true })
  await db.query('delete from audit_record where domain_id = $1 and seq = 3', [domainId])
  await db.query(
    `update audit_head h set seq = 2, hash = r.hash from audit_record r
      where h.domain_id = $1 and r.domain_id = $1 and r.seq = 2`,
    [domainId],
  )
  expect(await verified(db, domainId)).toMatchObject({ breakCount: 0 })
  expect(await verified(db, domainId, kept)).toMatchObject({ breakCount: 0, holdsKept: false })
})

test('an end that was kept is still found when the chain has grown', async () => {
  const domainId = await givenChain(db, 2)
  const kept = (await verified(db, domainId)).head.hash.toString('hex')
  await appendMany(domainId, 4_500)
  expect(await verified(db, domainId, kept)).toMatchObject({
    count: 4_502,
    breakCount: 0,
    holdsKept: true,
    head: { seq: 4_502 },
  })
})

test('a domain in which nothing was changed has a whole chain of no rows', async () => {
  expect(await verified(db, 'domain-000000000000')).toMatchObject({
    count: 0,
    breakCount: 0,
    head: { seq: 0 },
  })
})

async function appendMany(domainId: string, count: number): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query('update domain set name = name where domain_id = $1', [domainId])
    await tx.query(
      `select count(append_audit($1, 'm', 'OPEN', '', array['a'], 'r', '')) as count from generate_series(1, $2)`,
      [domainId, count],
    )
  })
}
