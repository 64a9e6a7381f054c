import { afterAll, expect, test } from 'vitest'
import { deleteCollector } from '../../../src/collectors/index.ts'
import { createRule, deleteRule } from '../../../src/rules/index.ts'
import { serveCoverage } from '../../coverage/served.ts'
import { openCoverage, thing } from '../../coverage/support.ts'

const coverage = await openCoverage()
const { db, givenCloud, run, runTimes, idOf } = coverage
const api = await serveCoverage(db, coverage.now)
afterAll(async () => {
  await api.stop()
  await coverage.close()
})

type Entry = { action: string; cause: string; by: string; job_id: string; collector_id: string }

/** What the server tells over the wire about the one resource of this id. */
async function historyOf(domainId: string, resourceId: string): Promise<readonly Entry[]> {
  const cloud_service_id = await idOf(domainId, resourceId)
  const request = { domain_id: domainId, cloud_service_id }
  return (await api.post<{ results: Entry[] }>('/gleaner/v1/coverage/history', request)).results
}

const RULE = ['reference.resource_id', 'provider', 'cloud_service_type', 'cloud_service_group', 'account']

test('what a collector brings is told with its job, leaf by leaf, also what it no longer sends', async () => {
  const { cloud, ...collector } = await givenCloud([thing({ id: 'a', data: { size: 1, old: 'x' } })])
  const first = await run(collector)
  cloud.sends = [thing({ id: 'a', data: { size: 2, fresh: true } })]
  const second = await run(collector)

  const { collectorId } = collector
  expect(await historyOf(collector.domainId, 'a')).toMatchObject([
    {
      action: 'created',
      cause: 'collector',
      collector_id: collectorId,
      job_id: first.task.jobId,
      changes: [],
    },
    {
      action: 'updated',
      cause: 'collector',
      by: '',
      collector_id: collectorId,
      job_id: second.task.jobId,
      rule_ids: [],
      changes: [
        { path: 'data.old', before: 'x', removed: true },
        { path: 'data.size', before: 1, after: 2, removed: false },
        { path: 'data.fresh', after: true, removed: false },
      ],
    },
  ])
})

test('what a plugin keeps out of the history is stored and not told, and what people write there is', async () => {
  const metadata = { change_history: { exclude: ['data.load', 'data.used'] } }
  const seen = (load: number, size: number) =>
    thing({ id: 'a', data: { load: { cpu: load }, loaded: load, used: load, size }, metadata })
  const { cloud, ...collector } = await givenCloud([seen(1, 1)])
  const { domainId } = collector
  await run(collector)
  cloud.sends = [seen(2, 2)]
  await run(collector)
  cloud.sends = [thing({ id: 'a', data: { load: { cpu: 3 }, loaded: 2, used: 3, size: 2 }, metadata })]
  expect((await run(collector)).task).toMatchObject({ updatedCount: 1 })
  const cloud_service_id = await idOf(domainId, 'a')
  const byHand = { domain_id: domainId, cloud_service_id, data: { used: 9 } }
  await api.post('/inventory/v1/cloud-service/update', byHand)

  expect((await historyOf(domainId, 'a')).slice(1)).toMatchObject([
    { cause: 'collector', changes: [{ path: 'data.size' }, { path: 'data.loaded' }] },
    { cause: 'user', changes: [{ path: 'data.used', before: 3, after: 9 }] },
  ])
  const [row] = await db.query('select data from cloud_service where domain_id = $1', [domainId])
  expect(row).toEqual({ data: { load: { cpu: 3 }, loaded: 2, used: 9, size: 2 } })
})

test('the end of a resource names its receipts, and its return the job', async () => {
  const { cloud, ...collector } = await givenCloud([thing({ id: 'a' }), thing({ id: 'b' })])
  await run(collector)
  cloud.sends = [thing({ id: 'a' })]
  const missed = []
  for (let at = 0; at < 3; at++) missed.unshift((await run(collector)).task.jobId)
  cloud.sends = [thing({ id: 'a' }), thing({ id: 'b' })]
  const back = await run(collector)

  expect(await historyOf(collector.domainId, 'b')).toMatchObject([
    { action: 'created' },
    { action: 'deleted', cause: 'evidence', job_id: missed[0], by: '', receipt_job_ids: missed },
    { action: 'revived', cause: 'collector', job_id: back.task.jobId },
  ])
})

test('that a second collector reports the same is a merge by its match rule, whether or not it changes anything', async () => {
  const one = await givenCloud([thing({ id: 'a', data: { v: 1 } }), thing({ id: 'b' })])
  const two = await givenCloud([thing({ id: 'a', data: { more: 2 } }), thing({ id: 'b' })])
  const { domainId } = one
  await coverage.moveTo(two.collectorId, two.domainId, domainId)
  await run(one)
  const { task } = await run({ ...two, domainId })
  await run({ ...two, domainId })

  expect(task).toMatchObject({ updatedCount: 1, unchangedCount: 1 })
  const merge = {
    action: 'merged',
    cause: 'collector',
    collector_id: two.collectorId,
    job_id: task.jobId,
    match_rule: RULE,
  }
  const added = [{ path: 'data.more', after: 2 }]
  expect(await historyOf(domainId, 'a')).toMatchObject([{ action: 'created' }, { ...merge, changes: added }])
  expect(await historyOf(domainId, 'b')).toMatchObject([{ action: 'created' }, { ...merge, changes: [] }])
  // The API of the contract knows no merges, and lists only what changed something.
  const list = await api.post<{ results: object[] }>('/inventory/v1/change-history/list', {
    domain_id: domainId,
    action: 'UPDATE',
  })
  expect(list.results).toMatchObject([{ diff_count: 1, collector_id: two.collectorId }])
})

test('that one of several collectors speaks of a resource no longer is told, whether or not it changes anything', async () => {
  const one = await givenCloud([thing({ id: 'a', data: { v: 1 } }), thing({ id: 'b' }), thing({ id: 'c' })])
  const other = await givenCloud([thing({ id: 'a', data: { more: 2 } }), thing({ id: 'b' })])
  const { domainId } = one
  await coverage.moveTo(other.collectorId, other.domainId, domainId)
  const two = { ...other, domainId }
  await run(one)
  await run(two)
  one.cloud.sends = [thing({ id: 'c' })]
  const missed = []
  for (let at = 0; at < 3; at++) missed.unshift((await run(one)).task.jobId)

  const withdrawal = {
    action: 'withdrawn',
    cause: 'evidence',
    collector_id: one.collectorId,
    job_id: missed[0],
    receipt_job_ids: missed,
  }
  expect((await historyOf(domainId, 'a')).slice(2)).toMatchObject([
    { ...withdrawal, changes: [{ path: 'data.v', before: 1, removed: true }] },
  ])
  expect((await historyOf(domainId, 'b')).slice(2)).toMatchObject([{ ...withdrawal, changes: [] }])
  // No change in the terms of the contract's API; nor is what somebody decides.
  const list = () =>
    api.post<{ total_count: number }>('/inventory/v1/change-history/list', { domain_id: domainId })
  const { total_count } = await list()
  one.cloud.sends = [thing({ id: 'b' }), thing({ id: 'c' })]
  await run(one)
  const retired = { domain_id: domainId, collector_id: two.collectorId, claims: 'delete' }
  await api.post('/gleaner/v1/coverage/retire', retired, `api-key-ann/${domainId}`)
  expect((await historyOf(domainId, 'b')).slice(3)).toMatchObject([
    { action: 'merged', collector_id: one.collectorId },
    { action: 'withdrawn', cause: 'retired', by: 'api-key-ann', collector_id: two.collectorId, changes: [] },
  ])
  // Of a, which nobody else spoke of, the end is one.
  expect((await list()).total_count).toBe(total_count + 1)
})

test('what rules gave is told with the rules, and as their doing where nothing else changed', async () => {
  const { cloud, ...collector } = await givenCloud([thing({ id: 'a' })])
  const { domainId } = collector
  await run(collector)
  const content = { conditions_policy: 'ALWAYS', actions: { add_additional_info: { team: 'ops' } } }
  const { collectorRuleId } = await createRule(coverage.context(), { ...collector, content })
  const byRule = await run(collector)
  await createRule(coverage.context(), {
    ...collector,
    content: { ...content, actions: { add_additional_info: { cost: { centre: 7 } } } },
  })
  cloud.sends = [thing({ id: 'a', data: { size: 2 } })]
  await run(collector)

  expect(await historyOf(domainId, 'a')).toMatchObject([
    { action: 'created', rule_ids: [] },
    {
      cause: 'rule',
      job_id: byRule.task.jobId,
      rule_ids: [collectorRuleId],
      changes: [{ path: 'data.additional_info', after: { team: 'ops' } }],
    },
    { cause: 'collector', rule_ids: [expect.not.stringMatching(collectorRuleId ?? '')] },
  ])
})

test('what changes because a rule or a priority did, and not by what was reported, says so', async () => {
  const one = await givenCloud([thing({ id: 'a', data: { of: 'one' } })])
  const other = await givenCloud([thing({ id: 'a', data: { of: 'other' } })])
  const { domainId } = one
  await coverage.moveTo(other.collectorId, other.domainId, domainId)
  const two = { ...other, domainId }
  const content = { conditions_policy: 'ALWAYS', actions: { add_additional_info: { team: 'ops' } } }
  const { collectorRuleId = '' } = await createRule(coverage.context(), { ...one, content })
  await run(one)
  await run(two)
  await deleteRule(coverage.context(), { domainId, collectorRuleId })
  const withoutRule = await run(one)
  await db.query('update collector set priority = 1 where collector_id = $1', [two.collectorId])
  const before = await run(two)
  two.cloud.sends = [thing({ id: 'a', data: { of: 'other again' } })]
  await run(two)
  await deleteCollector(coverage.context(), two)

  expect((await historyOf(domainId, 'a')).slice(2)).toMatchObject([
    {
      cause: 'collector',
      job_id: withoutRule.task.jobId,
      inputs_changed: true,
      rule_ids: [],
      changes: [{ path: 'data.additional_info', removed: true }],
    },
    {
      cause: 'collector',
      job_id: before.task.jobId,
      inputs_changed: true,
      changes: [{ path: 'data.of', after: 'other' }],
    },
    { cause: 'collector', inputs_changed: false, changes: [{ path: 'data.of', after: 'other again' }] },
    { cause: 'retired', collector_id: two.collectorId, changes: [{ path: 'data.of', after: 'one' }] },
  ])
})

test('what was done by hand is told with the API key, from the creation to the deletion', async () => {
  const domainId = await coverage.givenDomain()
  const key = `api-key-ann/${domainId}`
  const { cloud_service_id } = await api.post<{ cloud_service_id: string }>(
    '/inventory/v1/cloud-service/create',
    {
      name: 'by hand',
      provider: 'acme',
      cloud_service_group: 'Store',
      cloud_service_type: 'Bucket',
      reference: { resource_id: 'h' },
      data: {},
      domain_id: domainId,
    },
    key,
  )
  const named = { domain_id: domainId, cloud_service_id }
  await api.post('/inventory/v1/cloud-service/update', { ...named, name: 'other' }, key)
  await api.post('/inventory/v1/cloud-service/delete', named, `api-key-bob/${domainId}`)

  expect(await historyOf(domainId, 'h')).toMatchObject([
    { action: 'created', cause: 'user', by: 'api-key-ann', job_id: '' },
    { action: 'updated', cause: 'user', by: 'api-key-ann', changes: [{ path: 'name', after: 'other' }] },
    { action: 'deleted', cause: 'user', by: 'api-key-bob' },
  ])
  const list = await api.post<{ results: { action: string; user_id: string; updated_by: string }[] }>(
    '/inventory/v1/change-history/list',
    { domain_id: domainId, query: { sort: { key: 'record_id' } } },
  )
  expect(list.results.map(({ action, user_id }) => [action, user_id])).toEqual([
    ['CREATE', 'api-key-ann'],
    ['UPDATE', 'api-key-ann'],
    ['DELETE', 'api-key-bob'],
  ])
})

test('a deletion that somebody decided is told with who did', async () => {
  const { cloud, ...collector } = await givenCloud([thing({ id: 'a' }), thing({ id: 'b', region: 'us-1' })])
  const { domainId, collectorId } = collector
  await run(collector)
  cloud.sends = [thing({ id: 'a' })]
  await runTimes(3, collector)
  const key = `api-key-ann/${domainId}`
  const { results } = await api.post<{ results: [{ hold_id: string }] }>('/gleaner/v1/coverage/list-holds', {
    domain_id: domainId,
  })
  await api.post(
    '/gleaner/v1/coverage/release-hold',
    { domain_id: domainId, ...(results[0] && { hold_id: results[0].hold_id }) },
    key,
  )
  const cloud_service_id = await idOf(domainId, 'b')
  await api.post('/gleaner/v1/coverage/undo', { domain_id: domainId, cloud_service_id }, key)
  const retired = { domain_id: domainId, collector_id: collectorId, claims: 'delete' }
  await api.post('/gleaner/v1/coverage/retire', retired, key)

  expect(await historyOf(domainId, 'b')).toMatchObject([
    { action: 'created' },
    {
      action: 'deleted',
      cause: 'evidence',
      by: 'api-key-ann',
      collector_id: collectorId,
      receipt_job_ids: { length: 3 },
    },
    { action: 'revived', cause: 'undo', by: 'api-key-ann' },
    { action: 'deleted', cause: 'retired', by: 'api-key-ann', collector_id: collectorId },
  ])
})
