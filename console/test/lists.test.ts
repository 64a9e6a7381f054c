import { describe, expect, test } from 'vitest'
import { inTurn } from '../src/api/in-turn.ts'
import { staleAfter } from '../src/app/stale-after.ts'
import { maskOf } from '../src/components/options/masked.ts'
import { secretsIn, selectionOf } from '../src/features/collectors/api/secret-selection.ts'
import { sumByCollector } from '../src/features/collectors/api/use-collector-sums.ts'
import { earliest } from '../src/features/collectors/api/use-next-runs.ts'
import { partsOfPage } from '../src/features/coverage/api/use-coverage.ts'
import { groupKinds } from '../src/features/resources/api/kind-groups.ts'
import { relationsIn } from '../src/features/resources/api/relations.ts'
import { causeOf, completenessOf } from '../src/format/completeness.ts'

test.each([
  ['password', 'line'],
  ['token', 'line'],
  ['aws_secret_access_key', 'line'],
  ['anything', 'line'],
  ['client_key', 'lines'],
  ['kubeconfig', 'lines'],
  ['aws_access_key_id', 'open'],
  ['role_arn', 'open'],
  ['web_identity_token_file', 'open'],
  ['username', 'open'],
  // These only look as if they named somebody or something.
  ['secret_id', 'line'],
  ['database_url', 'line'],
  ['values', 'line'],
])('the value of a secret that is called %s is typed as: %s', (name, expected) => {
  expect(maskOf(name)).toBe(expected)
})

describe('how complete something is', () => {
  test.each([
    [7, 9, '2 of 9 lists incomplete'],
    [0, 1, '1 of 1 list incomplete'],
    [9, 9, 'All 9 lists complete'],
    [1, 1, '1 list complete'],
  ])('%i of %i is told in one way: %s', (complete, total, words) => {
    expect(completenessOf(complete, total)).toBe(words)
  })

  test.each([
    [7, 1, '2 of 9 lists incomplete, 1 of them accepted'],
    [7, 2, '2 of 9 lists incomplete, all of them accepted'],
    [8, 1, '1 of 9 lists incomplete, which is accepted'],
  ] as const)('%i of 9, and %i accepted, is told as: %s', (complete, accepted, words) => {
    expect(completenessOf(complete, 9, accepted)).toBe(words)
  })

  test.each([
    ['the newest run did not list it completely (denied: GET /a (b) 403)', 'denied: GET /a (b) 403'],
    ['it was never listed completely (timeout: a\nb)', 'timeout: a\nb'],
    ['the newest run did not list it completely (partial: it ends after 2)', 'it ends after 2'],
    ['it was never listed completely', 'it was never listed completely'],
    ['inputs changed: 1 of 2 were not seen since', 'inputs changed: 1 of 2 were not seen since'],
  ])('%j has a cause, without what the state says: %j', (reason, cause) => {
    expect(causeOf(reason, 'partial')).toBe(cause)
  })

  test('is read page by page across states', () => {
    expect(partsOfPage([3, 0, 4], 1, 5)).toEqual([
      { at: 0, start: 1, limit: 3 },
      { at: 2, start: 1, limit: 2 },
    ])
    expect(partsOfPage([3, 0, 4], 2, 5)).toEqual([{ at: 2, start: 3, limit: 2 }])
    expect(partsOfPage([3, 0, 4], 3, 5)).toEqual([])
  })

  test('is added up by collector', () => {
    const cell = { collector_id: 'a', state: 'complete', count: 2 }
    const sums = sumByCollector([cell, { ...cell, state: 'held', count: 3 }, { ...cell, collector_id: 'b' }])
    expect(sums.get('a')).toEqual({ resources: 5, completeCount: 1, totalCount: 2 })
    expect(sums.get('b')).toMatchObject({ resources: 2, totalCount: 1 })
  })
})

test('kinds are shown by provider, so many at most, and the chosen one in any case', () => {
  const kind = (provider: string, cloud_service_type: string, count: number) => ({
    provider,
    cloud_service_group: 'G',
    cloud_service_type,
    count,
  })
  const kinds = [kind('aws', 'A', 9), kind('gcp', 'B', 8), kind('aws', 'C', 7), kind('gcp', 'D', 6)]
  const shown = (most: number, chosen: string) =>
    groupKinds(kinds, most, chosen).map(({ provider, kinds: those }) => [
      provider,
      those.map(({ cloud_service_type }) => cloud_service_type).join(''),
    ])
  expect(shown(3, '')).toEqual([
    ['aws', 'AC'],
    ['gcp', 'B'],
  ])
  expect(shown(1, 'gcp/G/D')).toEqual([
    ['aws', 'A'],
    ['gcp', 'D'],
  ])
})

test('relations are read where they are, and nothing else is taken for one', () => {
  const relation = { name: 'in', resource_id: 'subnet-1' }
  const relations = [relation, { ...relation, type: 'subnet' }, { name: 'in' }, 'x', null]
  expect(relationsIn({ relations })).toEqual([
    { name: 'in', resourceId: 'subnet-1', type: '' },
    { name: 'in', resourceId: 'subnet-1', type: 'subnet' },
  ])
  expect(relationsIn({ relations: 'x' })).toEqual([])
})

describe('the secrets of a new collector', () => {
  const stranger = { secret_id: 'secret-1', name: 'Somebody’s', provider: '' }
  const own = { secret_id: 'secret-2', name: 'Ours', provider: 'aws' }

  test.each([
    ['all of the provider are meant where nothing was chosen', [stranger, own], undefined, '', 'all'],
    ['one without a provider is chosen by somebody', [stranger], undefined, '', ''],
    ['there are none to choose', [], undefined, '', 'none'],
    ['the address names one', [stranger, own], undefined, 'secret-1', 'secret-1'],
    ['the address names one that is not offered', [stranger, own], undefined, 'secret-3', ''],
    ['the address names no secret but a word', [stranger, own], undefined, 'all', ''],
    ['somebody chose otherwise than the address', [stranger, own], 'none', 'secret-1', 'none'],
    ['the chosen one is gone', [stranger], 'secret-2', '', ''],
  ])('%s', (_, list, chosen, given, expected) => {
    expect(secretsIn(list, chosen, given)).toBe(expected)
  })

  test('are named to the API by id, by provider, or not at all', () => {
    expect(['secret-1', 'all', 'none'].map((value) => selectionOf(value, 'aws'))).toEqual([
      { secret_id: 'secret-1' },
      { provider: 'aws' },
      {},
    ])
  })
})

test('the next run of a collector is the first of those of its schedules', () => {
  const runs = (at: string) => ({ next_runs: at === '' ? [] : [at], paused: false })
  expect(earliest([runs('2026-01-03'), runs(''), runs('2026-01-02')])?.at).toBe('2026-01-02')
  expect(earliest([runs('')])).toBeUndefined()
})

test('that a job moves is no news for the last job of each collector, that one begins or ends is', () => {
  expect(staleAfter(new Set(['job_task.progressed', 'job.progressed']))).toEqual([['jobs']])
  expect(staleAfter(new Set(['job.created']))).toEqual([['jobs'], ['last-jobs']])
  expect(staleAfter(new Set(['job_task.ended', 'job.ended']))).toEqual([[]])
})

test('many are asked a few at a time, and their answers stand in order', async () => {
  let now = 0
  let most = 0
  const answers = await inTurn([1, 2, 3, 4, 5], 2, async (item) => {
    most = Math.max(most, ++now)
    await Promise.resolve()
    now--
    return item * 10
  })
  expect({ answers, most }).toEqual({ answers: [10, 20, 30, 40, 50], most: 2 })
})
