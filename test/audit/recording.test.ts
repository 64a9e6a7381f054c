import { afterAll, expect, test } from 'vitest'
import { newId } from '../../src/core/ids.ts'
import { createTestDatabase } from '../support/database.ts'
import { addProject, callIn, givenChain, givenDomain, rowsOf, verified } from './support.ts'

const { db, drop } = await createTestDatabase()
afterAll(drop)

test('a change and its row are written together, with what the call named and what it made', async () => {
  const domainId = await givenDomain(db)
  const call = callIn(db.boundTo(domainId), domainId, { ids: ['the-plugin'] })
  const projectId = await call.transaction((tx) => addProject(tx, domainId))
  expect(await rowsOf(db, domainId)).toEqual([
    { seq: 1, method: 'gleaner.v1.Test.change', ids: ['the-plugin', projectId] },
  ])
})

test('a statement without a transaction has its row, too', async () => {
  const domainId = await givenDomain(db)
  await addProject(callIn(db.boundTo(domainId), domainId), domainId)
  expect(await rowsOf(db, domainId)).toHaveLength(1)
})

test('a call has one row, however many transactions it takes, and however they overlap', async () => {
  const domainId = await givenDomain(db)
  const call = callIn(db.boundTo(domainId), domainId)
  await Promise.all(Array.from({ length: 5 }, () => call.transaction((tx) => addProject(tx, domainId))))
  await addProject(call, domainId)
  expect(await rowsOf(db, domainId)).toHaveLength(1)
})

test('what is rolled back leaves no row, and what follows it in the same call does', async () => {
  const domainId = await givenDomain(db)
  const call = callIn(db.boundTo(domainId), domainId)
  const refused = call.transaction(async (tx) => {
    await addProject(tx, domainId)
    throw new Error('refused')
  })
  await expect(refused).rejects.toThrow('refused')
  expect(await rowsOf(db, domainId)).toEqual([])
  await addProject(call, domainId)
  expect(await rowsOf(db, domainId)).toHaveLength(1)
})

test('while the end of the chain cannot be written, nothing can be changed', async () => {
  const domainId = await givenChain(db, 1)
  await db.query(
    `insert into audit_record select domain_id, 2, recorded_at, method, role, api_key_id, ids, request_id, trace_id, hash
       from audit_record where domain_id = $1`,
    [domainId],
  )
  await expect(addProject(callIn(db.boundTo(domainId), domainId), domainId)).rejects.toThrow()
  expect(await db.query('select from project where domain_id = $1', [domainId])).toHaveLength(1)
})

test('looking leaves no row, and neither does upkeep on the way', async () => {
  const domainId = await givenDomain(db)
  const call = callIn(db.boundTo(domainId), domainId)
  await call.transaction((tx) => tx.query('select 1 as one from project'))
  await call.transaction((tx) => tx.query('select 1 as one from project'), { readOnly: true })
  await call.query(`select 'delete' as word`)
  await call.transaction((tx) => addProject(tx, domainId), { isUpkeep: true })
  expect(await rowsOf(db, domainId)).toEqual([])
})

test('what belongs to no domain stands under the system', async () => {
  const before = await rowsOf(db, 'system')
  await callIn(db, '').query('insert into domain (domain_id, name, created_at) values ($1, $1, now())', [
    newId('domain'),
  ])
  expect(await rowsOf(db, 'system')).toHaveLength(before.length + 1)
})

test('fifty calls at once make a chain without a break', async () => {
  const domainId = await givenDomain(db)
  await Promise.all(
    Array.from({ length: 50 }, () =>
      callIn(db.boundTo(domainId), domainId).transaction((tx) => addProject(tx, domainId)),
    ),
  )
  expect(await verified(db, domainId)).toMatchObject({ count: 50, breakCount: 0, head: { seq: 50 } })
})

test('a connection of a domain reads the audit and cannot write, change or empty it', async () => {
  const domainId = await givenChain(db, 1)
  const bound = db.boundTo(domainId)
  expect(await bound.query('select seq from audit_record')).toEqual([{ seq: 1 }])
  for (const statement of [
    `update audit_record set method = 'x'`,
    'delete from audit_record',
    'insert into audit_record select * from audit_record',
    'truncate audit_record',
    'update audit_head set seq = 0',
    'delete from audit_head',
  ])
    await expect(bound.query(statement), statement).rejects.toThrow(/permission denied/)
})

test('a connection of a domain appends to no other chain', async () => {
  const [own, foreign] = [await givenDomain(db), await givenDomain(db)]
  for (const chain of [foreign, 'system'])
    await expect(callIn(db.boundTo(own), chain).transaction((tx) => addProject(tx, own))).rejects.toThrow(
      'only to the audit of its own domain',
    )
  expect(await rowsOf(db, foreign)).toEqual([])
})
