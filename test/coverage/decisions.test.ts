import { afterAll, describe, expect, test } from 'vitest'
import { listHolds, releaseHold, retire, undoDeletion } from '../../src/coverage/index.ts'
import { readResourceHistory } from '../../src/inventory/index.ts'
import { getJobProgress } from '../../src/jobs/index.ts'
import type { WholeDatabase } from '../../src/storage/index.ts'
import { pluginFailure } from '../jobs/scripted-plugins.ts'
import { ANY, ledgerOf, statesOf } from './ledger-of.ts'
import { openCoverage, thing, things } from './support.ts'

const coverage = await openCoverage()
const { db, givenCloud, run, runTimes, idsIn, idOf } = coverage
const context = () => ({ ...coverage.context(), now: coverage.now })
afterAll(coverage.close)

const ledger = (domainId: string) => ledgerOf(context(), domainId)
const states = (domainId: string) => statesOf(context(), domainId)

describe('a hold', () => {
  test('keeps the last resources of a cell, which fell from some to none', async () => {
    const { cloud, ...collector } = await givenCloud([thing({ id: 'a' }), thing({ id: 'b', region: 'us-1' })])
    await run(collector)
    cloud.sends = [thing({ id: 'a' })]

    const { task } = await runTimes(5, collector)

    expect(task.deletedCount).toBe(0)
    expect(await idsIn(collector.domainId)).toEqual(['a', 'b'])
    expect(await holdsIn(collector.domainId)).toEqual([
      { reason: 'emptied', scope: 'cell', regionCode: 'us-1', claims: 1, receipts: 3, state: 'open' },
    ])
  })

  test('keeps more than ten that are more than half of an account, and lapses when they are seen', async () => {
    const gone = things(12)
    const stay = things(11, { type: 'Disk' })
    const { cloud, ...collector } = await givenCloud([...gone, ...stay])
    await run(collector)
    cloud.sends = stay
    await runTimes(4, collector)
    expect(await idsIn(collector.domainId)).toHaveLength(23)
    expect(await holdsIn(collector.domainId)).toMatchObject([
      { reason: 'many', scope: 'task', claims: 12, state: 'open' },
    ])

    cloud.sends = [...gone, ...stay]
    await run(collector)

    expect(await holdsIn(collector.domainId)).toMatchObject([{ state: 'lapsed' }])
    expect(await idsIn(collector.domainId)).toHaveLength(23)
  })

  test('is listed with what it keeps, and released by a call that says who did it', async () => {
    const { cloud, ...collector } = await givenCloud([thing({ id: 'a' }), thing({ id: 'b', region: 'us-1' })])
    await run(collector)
    cloud.sends = [thing({ id: 'a' })]
    const early = await run(collector)
    const { task } = await runTimes(2, collector)
    const { domainId } = collector
    expect(await states(domainId)).toEqual(['Bucket/eu-1 complete', 'Bucket/us-1 held'])
    const warnings = async ({ jobId }: { jobId: string }) =>
      (await getJobProgress(context(), { domainId, jobId })).tasks?.flatMap((each) => each.warnings ?? [])
    expect(await warnings(early.task)).toEqual([])
    expect(await warnings(task)).toEqual([expect.stringContaining('One resource that is missing is held')])
    const { results: [hold] = [] } = await listHolds(context(), { domainId, collectorId: '', state: '' })
    expect(hold).toMatchObject({
      reason: 'emptied',
      count: 1,
      ofCount: 1,
      examples: ['b'],
      regionCode: 'us-1',
    })

    const holdId = hold?.holdId ?? ''
    expect(await releaseHold(context(), { domainId, holdId })).toBe(1)
    expect(await warnings(task)).toEqual([])

    expect(await idsIn(domainId, 'DELETED')).toEqual(['b'])
    expect(await states(domainId)).toEqual(['Bucket/eu-1 complete', 'Bucket/us-1 complete'])
    const history = await readResourceHistory(context(), {
      domainId,
      cloudServiceId: await idOf(domainId, 'b'),
    })
    expect(history.results).toMatchObject([
      { action: 'created', cause: 'collector' },
      { action: 'deleted', cause: 'evidence', by: 'anonymous', receiptJobIds: { length: 3 } },
    ])
    await expect(releaseHold(context(), { domainId, holdId })).rejects.toThrow(
      `hold '${holdId}' is released already`,
    )
    await expect(releaseHold(context(), { domainId, holdId: 'hold-no' })).rejects.toThrow(
      "hold 'hold-no' not found",
    )
  })

  test.each([
    ['ends', undefined],
    ['goes on', pluginFailure(true)],
  ])('deletes nothing that a run sees which %s while it is being released', async (_, fails) => {
    const { cloud, ...collector } = await givenCloud(things(12))
    const { domainId } = collector
    await run(collector)
    cloud.sends = []
    await runTimes(3, collector)
    const { results: [hold] = [] } = await listHolds(context(), { domainId, collectorId: '', state: '' })
    cloud.sends = things(2)
    if (fails !== undefined) cloud.fails = fails
    let begun = 0
    const late: WholeDatabase = {
      ...db,
      async transaction(act, options) {
        // The first is the decision, and what follows ends claims.
        if (++begun === 2) await run(collector)
        return await db.transaction(act, options)
      },
    }
    const release = { domainId, holdId: hold?.holdId ?? '' }
    expect(await releaseHold({ ...context(), db: late }, release)).toBe(10)
    expect(await idsIn(domainId)).toHaveLength(2)
  })

  test('that is released deletes nothing that was seen since', async () => {
    const { cloud, ...collector } = await givenCloud(things(12))
    await run(collector)
    cloud.sends = [thing({ id: 'other', type: 'Disk' })]
    await runTimes(3, collector)
    cloud.sends = [...things(2), thing({ id: 'other', type: 'Disk' })]
    cloud.fails = pluginFailure(false)
    await run(collector)
    const { domainId } = collector
    const { results: [hold] = [] } = await listHolds(context(), { domainId, collectorId: '', state: '' })

    expect(await releaseHold(context(), { domainId, holdId: hold?.holdId ?? '' })).toBe(10)
    expect(await idsIn(domainId)).toEqual(['b-eu-1-1', 'b-eu-1-2', 'other'])
  })
})

describe('undo', () => {
  test('brings a deleted resource back under its id, and the same evidence does not delete it again', async () => {
    const { cloud, ...collector } = await givenCloud([thing({ id: 'a' }), thing({ id: 'b' })])
    await run(collector)
    cloud.sends = [thing({ id: 'a' })]
    const { task } = await runTimes(3, collector)
    const { domainId } = collector
    const cloudServiceId = await idOf(domainId, 'b')

    expect(await undoDeletion(context(), { domainId, cloudServiceId: '', jobId: task.jobId })).toEqual([
      cloudServiceId,
    ])
    expect(await ledger(domainId)).toMatchObject({
      results: [{ state: 'partial', count: 2, unknownCount: 1 }],
    })

    await runTimes(4, collector)
    expect(await idsIn(domainId)).toEqual(['a', 'b'])
    expect(await states(domainId)).toEqual(['Bucket/eu-1 partial'])
    const { results } = await readResourceHistory(context(), { domainId, cloudServiceId })
    expect(results).toMatchObject([
      { action: 'created' },
      { action: 'deleted', jobId: task.jobId },
      { action: 'revived', cause: 'undo', by: 'anonymous' },
    ])
    cloud.sends = [thing({ id: 'a' }), thing({ id: 'b' })]
    await run(collector)
    cloud.sends = [thing({ id: 'a' })]
    await runTimes(3, collector)
    expect(await idsIn(domainId)).toEqual(['a'])
  })

  test('names both where a live resource has the same key', async () => {
    const { cloud, ...collector } = await givenCloud([thing({ id: 'a' }), thing({ id: 'b' })])
    await run(collector)
    cloud.sends = [thing({ id: 'a' })]
    await runTimes(3, collector)
    const { domainId } = collector
    const cloudServiceId = await idOf(domainId, 'b')
    await db.query(
      `insert into cloud_service (domain_id, cloud_service_id, provider, cloud_service_group, cloud_service_type, account, resource_id, created_at, updated_at)
       values ($1, 'twin', 'acme', 'Store', 'Bucket', 'acc-1', 'b', now(), now())`,
      [domainId],
    )

    await expect(undoDeletion(context(), { domainId, cloudServiceId, jobId: '' })).rejects.toThrow("'twin'")
    await expect(
      undoDeletion(context(), { domainId, cloudServiceId: await idOf(domainId, 'a'), jobId: '' }),
    ).rejects.toThrow('is not DELETED')
    await db.query('delete from change_record where domain_id = $1', [domainId])
    await expect(undoDeletion(context(), { domainId, cloudServiceId, jobId: '' })).rejects.toThrow(
      'why it was deleted is not known any more',
    )
  })
})

test('a key that is bound to projects decides nothing about the whole domain', async () => {
  const collector = await givenCloud([thing({ id: 'a' })])
  await run(collector)
  const principal = {
    kind: 'api_key',
    apiKeyId: 'api-key-1',
    domainId: collector.domainId,
    role: 'ADMIN',
    projectIds: ['project-1'],
  } as const
  const { domainId, collectorId } = collector
  const all = { domainId, collectorId, secretId: '', name: ANY, presence: '' }

  await expect(retire({ ...context(), principal }, { ...all, claims: 'delete' })).rejects.toThrow(
    'bound to projects',
  )

  expect(await idsIn(collector.domainId)).toEqual(['a'])
})

async function holdsIn(domainId: string) {
  return await db.query(
    'select reason, scope, region_code, claims, receipts, state from hold where domain_id = $1',
    [domainId],
  )
}
