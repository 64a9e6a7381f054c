import { afterAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../support/database.ts'
import { bucket, givenContributor, givenDomain, listBuckets, region, runOnce } from './support.ts'

const { db, drop } = await createTestDatabase()
afterAll(drop)

test('two collectors fold into one document, the lower priority number winning leaf by leaf', async () => {
  const domainId = await givenDomain(db)
  const weak = await givenContributor(db, domainId, { priority: 20 })
  const strong = await givenContributor(db, domainId, { priority: 5 })
  await runOnce(db, weak, [
    [bucket({ id: 'a', name: 'from-weak', data: { size: 1, owner: 'w', deep: { x: 1 } } })],
  ])

  const joined = await runOnce(db, strong, [
    [bucket({ id: 'a', name: 'from-strong', data: { size: 2, deep: { y: 2 } } })],
  ])

  expect(joined).toMatchObject({ created: 0, updated: 1 })
  expect(await listBuckets(db, domainId)).toMatchObject([
    { name: 'from-strong', data: { size: 2, owner: 'w', deep: { x: 1, y: 2 } } },
  ])
})

test('a key that the weaker collector stops sending leaves the document, the stronger one keeps its own', async () => {
  const domainId = await givenDomain(db)
  const strong = await givenContributor(db, domainId, { priority: 5 })
  const weak = await givenContributor(db, domainId, { priority: 20 })
  await runOnce(db, strong, [[bucket({ id: 'a', data: { size: 2 } })]])
  await runOnce(db, weak, [[bucket({ id: 'a', data: { size: 1, owner: 'w' } })]])

  await runOnce(db, weak, [[bucket({ id: 'a', data: { size: 1 } })]])

  expect(await listBuckets(db, domainId)).toMatchObject([{ data: { size: 2 } }])
  expect((await listBuckets(db, domainId))[0]?.data).not.toHaveProperty('owner')
})

test('two collectors that disagree do not make the document flap', async () => {
  const domainId = await givenDomain(db)
  const one = await givenContributor(db, domainId)
  const two = await givenContributor(db, domainId)
  const fromOne = [[bucket({ id: 'a', data: { v: 1 } })]]
  const fromTwo = [[bucket({ id: 'a', data: { v: 2 } })]]
  await runOnce(db, one, fromOne)
  await runOnce(db, two, fromTwo)

  expect(await runOnce(db, one, fromOne)).toMatchObject({ updated: 0, unchanged: 1 })
  expect(await runOnce(db, two, fromTwo)).toMatchObject({ updated: 0, unchanged: 1 })
  expect(await listBuckets(db, domainId)).toMatchObject([{ data: { v: 1 } }])
})

test('collectors that find the same new things at the same moment store each once', async () => {
  const domainId = await givenDomain(db)
  const contributors = await Promise.all(Array.from({ length: 4 }, () => givenContributor(db, domainId)))
  const all = Array.from({ length: 300 }, (_, at) => bucket({ id: `b${String(at).padStart(4, '0')}` }))

  const runs = await Promise.all(
    contributors.map((each, at) => runOnce(db, each, [[region('eu-1')], at % 2 ? all : [...all].reverse()])),
  )

  for (const run of runs) expect(run).toMatchObject({ outcome: 'complete', failed: 0 })
  expect(runs.reduce((sum, { created }) => sum + created, 0)).toBe(300)
  expect(await listBuckets(db, domainId)).toHaveLength(300)
  expect(await db.query('select 1 from region where domain_id = $1', [domainId])).toHaveLength(1)
})

test('domains never meet: the same resource in two domains is two resources', async () => {
  const [here, there] = [await givenDomain(db), await givenDomain(db)]
  await runOnce(db, await givenContributor(db, here), [[bucket({ id: 'a', data: { v: 1 } })]])
  await runOnce(db, await givenContributor(db, there), [[bucket({ id: 'a', data: { v: 2 } })]])

  expect(await listBuckets(db, here)).toMatchObject([{ data: { v: 1 } }])
  expect(await listBuckets(db, there)).toMatchObject([{ data: { v: 2 } }])
})
