import { afterAll, expect, test } from 'vitest'
import { ledgerOf } from '../ledger-of.ts'
import { errorResource, openCoverage, thing } from '../support.ts'

// Counter-examples that the model found, each as the smallest story that shows it.

const coverage = await openCoverage()
afterAll(coverage.close)

test('a first run that could read nothing is no proof that there is nothing', async () => {
  const collector = await coverage.givenCloud([errorResource('Forbidden')])
  await coverage.run(collector)

  const ledger = await ledgerOf({ ...coverage.context(), now: coverage.now }, collector.domainId)
  expect(ledger).toMatchObject({ complete: false, results: [{ state: 'unknown' }] })
})

test('a held resource stays held through a run that was denied, and through one that sees the rest of its cell', async () => {
  const all = [thing({ id: 'a' }), thing({ id: 'b' }), thing({ id: 'd', type: 'Disk' })]
  const { cloud, ...collector } = await coverage.givenCloud(all)
  await coverage.run(collector)
  cloud.sends = all.slice(2)
  await coverage.runTimes(3, collector)
  cloud.sends = [...all.slice(2), errorResource('AccessDenied', { cloud_service_type: 'Bucket' })]
  await coverage.run(collector)

  cloud.sends = all.slice(1)
  const { task } = await coverage.run(collector)

  expect(task.deletedCount).toBe(0)
  expect(await coverage.idsIn(collector.domainId)).toEqual(['a', 'b', 'd'])
})

test('what was missed while its cell was empty is not gone because a newcomer shows up there', async () => {
  const all = [thing({ id: 'a' }), thing({ id: 'b' }), thing({ id: 'd', type: 'Disk' })]
  const { cloud, ...collector } = await coverage.givenCloud(all)
  await coverage.run(collector)
  cloud.sends = all.slice(2)
  await coverage.runTimes(2, collector)
  cloud.sends = [...all.slice(2), thing({ id: 'c' })]

  const { task } = await coverage.runTimes(2, collector)
  expect(task.deletedCount).toBe(0)
  cloud.sends = [...cloud.sends, thing({ id: 'b' })]
  expect((await coverage.run(collector)).task.deletedCount).toBe(1)
  expect(await coverage.idsIn(collector.domainId)).toEqual(['b', 'c', 'd'])
})
