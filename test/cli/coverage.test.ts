import { afterEach, beforeEach, expect, test } from 'vitest'
import { type FakeApi, startFakeApi } from './fake-api.ts'
import { gleaner } from './gleaner.ts'

let api: FakeApi
beforeEach(async () => {
  api = await startFakeApi()
})
afterEach(() => api.die())

const CELL = {
  collector_name: 'Acme',
  provider: 'acme',
  cloud_service_group: 'Store',
  cloud_service_type: 'Bucket',
  account: '40017',
  region_code: 'eu-1',
  state: 'complete',
  reason: '',
  count: 1200,
  last_receipt_at: '2026-01-02T03:03:05.678Z',
}

test('coverage shows a line for each cell, and ends with 4 when any is incomplete', async () => {
  const denied = { ...CELL, region_code: 'us-1', state: 'partial', reason: 'denied: no', last_receipt_at: '' }
  api.on('/gleaner/v1/coverage/list', () => ({
    json: { results: [CELL, denied], total_count: 2, complete_count: 1, complete: false },
  }))

  const { code, out } = await gleaner(api.url, ['coverage'])

  expect(code).toBe(4)
  expect(out).toMatch(/acme\/Store\/Bucket\s+40017\s+eu-1\s+complete\s+1,200/)
  expect(out).toMatch(/us-1\s+partial\s+1,200\s+never\s+Acme\s+denied: no/)
  expect(out).toContain('Incomplete: 1 of 2 cells are complete.')
})

test('coverage says when the next runs are, where any is planned', async () => {
  const planned = { ...CELL, next_run_at: '2100-01-01T00:00:00.000Z' }
  const past = { ...CELL, region_code: 'us-1', next_run_at: CELL.last_receipt_at }
  const unplanned = { ...CELL, region_code: 'af-1' }
  api.on('/gleaner/v1/coverage/list', () => ({ json: { results: [planned, past, unplanned] } }))

  const { out } = await gleaner(api.url, ['coverage'])

  expect(out).toMatch(/LISTED\s+NEXT\s+COLLECTOR/)
  expect(out).toMatch(/eu-1\s+complete\s+1,200\s+\S.*in \d+ h \d\d min\s+Acme/)
  expect(out).toMatch(/us-1\s+complete\s+1,200\s+\S.*now\s+Acme/)
  expect(out).toMatch(/af-1\s+complete\s+1,200\s+\S.*-\s+Acme/)
})

test('coverage ends with 0 when all is complete, and prints the answer as it came with --json', async () => {
  const json = { results: [CELL], total_count: 1, complete_count: 1, complete: true }
  api.on('/gleaner/v1/coverage/list', () => ({ json }))

  expect(await gleaner(api.url, ['coverage'])).toMatchObject({
    code: 0,
    out: expect.stringContaining('all 1 cells'),
  })
  const { code, out } = await gleaner(api.url, ['coverage', '--json', '--state', 'complete'])
  expect([code, JSON.parse(out)]).toEqual([0, json])
  expect(api.callsOf('/gleaner/v1/coverage/list')[1]?.body).toMatchObject({ state: 'complete' })
})

test('hold lists what is kept back and how to decide, and releases by id', async () => {
  const hold = {
    hold_id: 'hold-1',
    count: 12,
    of_count: 20,
    scope: 'region',
    reason: 'many',
    region_code: 'eu-1',
    examples: ['a', 'b'],
  }
  api.on('/gleaner/v1/coverage/list-holds', () => ({ json: { results: [hold] } }))
  api.on('/gleaner/v1/coverage/release-hold', () => ({ json: { deleted_count: 12 } }))

  const list = await gleaner(api.url, ['holds', 'list'])
  expect(list.code).toBe(4)
  expect(list.out).toMatch(/hold-1\s+12\s+20\s+region eu-1\s+more than half at once\s+a, b/)
  expect(await gleaner(api.url, ['holds', 'release', 'hold-1'])).toMatchObject({
    code: 0,
    out: 'Released. Deleted 12 resources.\n',
  })
  expect(api.callsOf('/gleaner/v1/coverage/release-hold')[0]?.body).toMatchObject({ hold_id: 'hold-1' })
})

test.each([
  ['cloud-svc-1', { cloud_service_id: 'cloud-svc-1' }],
  ['job-1', { job_id: 'job-1' }],
])('undo %s names it to the server', async (id, names) => {
  api.on('/gleaner/v1/coverage/undo', () => ({ json: { cloud_service_ids: ['cloud-svc-1'] } }))
  const { code, out } = await gleaner(api.url, ['undo', id])
  expect([code, out]).toEqual([0, 'Brought back 1 resource.\ncloud-svc-1\n'])
  expect(api.callsOf('/gleaner/v1/coverage/undo')[0]?.body).toEqual({
    domain_id: 'domain-000000000001',
    ...names,
  })
})

test.each([
  [['--delete'], { claims: 'delete' }, 'Retired. Deleted 3 resources.\n'],
  [
    ['--secret', 'secret-1', '--keep'],
    { claims: 'keep', secret_id: 'secret-1' },
    'Retired. What it reported stays.\n',
  ],
  [
    ['--account', 'acc-1', '--delete'],
    { claims: 'delete', account: 'acc-1' },
    'Retired. Deleted 3 resources.\n',
  ],
  [
    ['--kind', 'acme/Store/Bucket', '--region', 'us-1', '--unknown', '--delete'],
    {
      claims: 'delete',
      provider: 'acme',
      cloud_service_group: 'Store',
      cloud_service_type: 'Bucket',
      region_code: 'us-1',
      presence: 'unknown',
    },
    'Retired. Deleted 3 resources.\n',
  ],
])('retire %j reaches also a collector that was deleted', async (options, decision, out) => {
  api.on('/gleaner/v1/coverage/retire', () => ({ json: { deleted_count: 3 } }))
  expect(await gleaner(api.url, ['retire', 'collector-0123456789ab', ...options])).toMatchObject({
    code: 0,
    out,
  })
  expect(api.callsOf('/gleaner/v1/coverage/retire')[0]?.body).toEqual({
    domain_id: 'domain-000000000001',
    collector_id: 'collector-0123456789ab',
    ...decision,
  })
})

test('history shows what brought each change of a resource', async () => {
  const at = '2026-01-02T03:03:05.678Z'
  api.on('/gleaner/v1/coverage/history', () => ({
    json: {
      results: [
        { action: 'created', cause: 'collector', at, job_id: 'job-1' },
        { action: 'merged', cause: 'collector', at, job_id: 'job-2', match_rule: ['name', 'account'] },
        {
          action: 'updated',
          cause: 'rule',
          at,
          job_id: 'job-3',
          rule_ids: ['collector-rule-1'],
          changes: [
            { path: 'data.size', before: 1, after: 2 },
            { path: 'data.old', before: 'x', removed: true },
          ],
        },
        {
          action: 'withdrawn',
          cause: 'evidence',
          at,
          job_id: 'job-5',
          collector_id: 'collector-1',
          receipt_job_ids: ['job-5', 'job-4'],
        },
        { action: 'deleted', cause: 'evidence', at, by: 'ann', receipt_job_ids: ['job-6', 'job-5'] },
      ],
    },
  }))

  const { code, out } = await gleaner(api.url, ['history', 'cloud-svc-1'])

  expect(code).toBe(0)
  expect(out).toMatch(/created\s+collector: job-1\s/)
  expect(out).toMatch(/merged\s+collector: job-2\s+the same by name, account/)
  expect(out).toMatch(/rule: job-3: collector-rule-1\s+data.size: 1 → 2; data.old: x removed/)
  expect(out).toMatch(/withdrawn\s+evidence: not seen by job-5, job-4: collector-1/)
  expect(out).toMatch(/deleted\s+evidence: not seen by job-6, job-5: ann/)
})

test('retire asks for a decision, and sends nothing without one', async () => {
  const { code, notices } = await gleaner(api.url, ['retire', 'collector-0123456789ab'])
  expect([code, notices]).toEqual([2, 'error: say one of --keep and --delete\n'])
  expect(api.callsOf('/gleaner/v1/coverage/retire')).toEqual([])
})

test('coverage counts what others keep, where there is such a thing, and says how to see it', async () => {
  const kept = { ...CELL, region_code: 'us-1', kept_by_others_count: 3 }
  api.on('/gleaner/v1/coverage/list', () => ({ json: { results: [CELL, kept] } }))

  const { out } = await gleaner(api.url, ['coverage', '--account', '40017', '--region', 'us-1'])

  expect(out).toMatch(/COUNT\s+BY OTHERS\s+LISTED/)
  expect(out).toMatch(/eu-1\s+complete\s+1,200\s+0\s/)
  expect(out).toMatch(/us-1\s+complete\s+1,200\s+3\s/)
  expect(out).toContain('gleaner coverage show --kept-by others')
  expect(api.callsOf('/gleaner/v1/coverage/list')[0]?.body).toMatchObject({
    account: '40017',
    region_code: 'us-1',
  })
})

test('--max-age is sent, what is stale is shown, and the exit code says that it is incomplete', async () => {
  const reason = 'it was last listed completely 4 days ago, and may be 36 hours old'
  api.on('/gleaner/v1/coverage/list', () => ({
    json: {
      results: [{ ...CELL, state: 'stale', reason }],
      total_count: 1,
      complete_count: 0,
      complete: false,
    },
  }))
  const { code, out } = await gleaner(api.url, ['coverage', '--max-age', '36h', '--state', 'stale'])
  expect(code).toBe(4)
  expect(out).toMatch(/eu-1\s+stale\s+1,200/)
  expect(out).toContain('4 days ago')
  expect(api.callsOf('/gleaner/v1/coverage/list')[0]?.body).toMatchObject({ max_age: '36h', state: 'stale' })
})

test('coverage show tells who keeps the resources of a cell alive', async () => {
  const id = 'collector-0123456789ab'
  const seen = {
    collector_name: 'Acme',
    secret_id: 'secret-1',
    presence: 'seen',
    last_seen_at: CELL.last_receipt_at,
  }
  const gone = { collector_id: id, presence: 'missed', reason: 'its collector was deleted' }
  const results = [
    { cloud_service_id: 'cloud-svc-1', name: 'web', ...seen, presence: 'ended', holders: [seen, gone] },
    { cloud_service_id: 'cloud-svc-2', resource_id: 'i-2', ...seen, holders: [], made_by_hand: true },
  ]
  api.on('/gleaner/v1/coverage/list-resources', () => ({ json: { results, total_count: 7 } }))

  const options = ['--collector', id, '--region', 'eu-1', '--kept-by', 'others']
  const { code, out } = await gleaner(api.url, ['coverage', 'show', 'acme/Store/a/Bucket', ...options])

  expect(code).toBe(0)
  expect(out).toMatch(/cloud-svc-1\s+web\s+Acme secret-1\s+no, ended .*Acme secret-1 \(seen/)
  expect(out).toContain(`${id} (missed; its collector was deleted)`)
  expect(out).toMatch(/cloud-svc-2\s+i-2\s+Acme secret-1\s+yes\s+made by hand/)
  expect(out).toContain('Showing 2 of 7 claims.')
  expect(api.callsOf('/gleaner/v1/coverage/list-resources')[0]?.body).toEqual({
    domain_id: 'domain-000000000001',
    collector_id: id,
    provider: 'acme',
    cloud_service_group: 'Store/a',
    cloud_service_type: 'Bucket',
    region_code: 'eu-1',
    kept_by: 'others',
  })
  expect(await gleaner(api.url, ['coverage', 'show', 'Bucket'])).toMatchObject({ code: 2 })
  expect(await gleaner(api.url, ['coverage', '--state', 'held', 'show'])).toMatchObject({
    code: 2,
    notices: expect.stringContaining('--state'),
  })
})

test('what is accepted is told apart, and leaves the exit code to what is not', async () => {
  const id = 'acceptance-0123456789ab'
  const denied = {
    ...CELL,
    region_code: 'us-1',
    state: 'partial',
    reason: 'denied: no',
    acceptance_ids: [id],
  }
  const counts = { total_count: 3, complete_count: 2, complete: false, accepted_count: 1 }
  api.on('/gleaner/v1/coverage/list', () => ({
    json: { results: [CELL, denied], ...counts, complete_or_accepted: true },
  }))

  const { code, out } = await gleaner(api.url, ['coverage'])
  expect(code).toBe(0)
  expect(out).toMatch(/us-1\s+partial\s+1,200\s+yes\s/)
  expect(out).toContain('Complete but for 1 accepted gap: 2 of 3 cells are complete.')
  expect(await gleaner(api.url, ['coverage', '--ignore-acceptances'])).toMatchObject({ code: 4 })

  api.on('/gleaner/v1/coverage/list', () => ({
    json: { results: [denied], ...counts, complete_or_accepted: false },
  }))
  const other = await gleaner(api.url, ['coverage', '--gaps', 'accepted'])
  expect(other.code).toBe(4)
  expect(other.out).toContain('Incomplete: 2 of 3 cells are complete, and 1 gap accepted.')
  expect(api.callsOf('/gleaner/v1/coverage/list').at(-1)?.body).toMatchObject({ gaps: 'accepted' })
})

test('gaps are accepted with a scope and a reason, listed, and ended', async () => {
  const acceptance = {
    acceptance_id: 'acceptance-0123456789ab',
    collector_name: 'Acme',
    provider: 'acme',
    cloud_service_group: 'Store',
    cloud_service_type: 'Bucket',
    region_code: 'us-1',
    classes: ['denied'],
    reason: 'forbidden by policy',
    accepted_by: 'api-key-1',
    created_at: CELL.last_receipt_at,
    until: '2100-01-02T03:04:05.000Z',
    state: 'unused',
    gap_count: 2,
  }
  api.on('/gleaner/v1/coverage/accept', () => ({ json: acceptance }))
  api.on('/gleaner/v1/coverage/list-acceptances', () => ({ json: { results: [acceptance], total_count: 1 } }))
  api.on('/gleaner/v1/coverage/end-acceptance', () => ({ json: acceptance }))

  const collector = ['--collector', 'collector-0123456789ab']
  const scope = ['acme/Store/Bucket', ...collector, '--region', 'us-1', '--class', 'Denied', '--until', '90d']
  const why = ['--reason', 'forbidden by policy']
  expect(await gleaner(api.url, ['coverage', 'accept', ...scope, ...why])).toMatchObject({
    code: 0,
    out: 'Accepted, which is 2 gaps now: acceptance-0123456789ab\n',
  })
  expect(api.callsOf('/gleaner/v1/coverage/accept')[0]?.body).toEqual({
    domain_id: 'domain-000000000001',
    collector_id: 'collector-0123456789ab',
    provider: 'acme',
    cloud_service_group: 'Store',
    cloud_service_type: 'Bucket',
    region_code: 'us-1',
    classes: ['denied'],
    reason: 'forbidden by policy',
    until: 'now+90d',
  })
  expect(await gleaner(api.url, ['coverage', 'accept', ...why])).toMatchObject({ code: 2 })
  expect(await gleaner(api.url, ['coverage', 'accept', ...collector])).toMatchObject({ code: 2 })

  const { out } = await gleaner(api.url, ['coverage', 'acceptances', '--only', 'unused'])
  expect(out).toMatch(
    /0123456789ab\s+unused\s+2\s+Acme\s+acme\/Store\/Bucket us-1: denied\s+api-key-1, .*2100-01-02\s+forb/,
  )
  expect(api.callsOf('/gleaner/v1/coverage/list-acceptances')[0]?.body).toMatchObject({ state: 'unused' })
  expect(await gleaner(api.url, ['coverage', 'end', 'acceptance-0123456789ab'])).toMatchObject({ code: 0 })
  expect(api.callsOf('/gleaner/v1/coverage/end-acceptance')[0]?.body).toMatchObject({
    acceptance_id: 'acceptance-0123456789ab',
  })
})
