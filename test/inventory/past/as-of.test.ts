import type { JsonObject } from '@bufbuild/protobuf'
import { afterAll, expect, test } from 'vitest'
import { removeDeleted, removeOldRecords } from '../../../src/inventory/index.ts'
import { serveCoverage } from '../../coverage/served.ts'
import { openCoverage, thing } from '../../coverage/support.ts'
import { blameSnapshots } from '../history/blame-snapshots.ts'
import { diffSnapshots } from './diff-snapshots.ts'
import { playHistory } from './random-history.ts'

const coverage = await openCoverage()
const api = await serveCoverage(coverage.db, coverage.now)
afterAll(async () => {
  await api.stop()
  await coverage.close()
})

/** The domain is older than all that happens in it. */
async function beginHistory(domainId: string): Promise<void> {
  await coverage.db.query('update domain set created_at = $2 where domain_id = $1', [domainId, '2025-01-01'])
}

/** Lets a run find these, and returns when it did. */
async function collect(
  collector: Awaited<ReturnType<typeof coverage.givenCloud>>,
  ...found: readonly Uint8Array[]
): Promise<string> {
  collector.cloud.sends = found
  await coverage.run(collector)
  return coverage.now().toISOString()
}

const SEEDS = Number(process.env.GLEANER_PAST_SEEDS ?? 2)
const STEPS = Number(process.env.GLEANER_PAST_STEPS ?? 24)

test.each(Array.from({ length: SEEDS }, (_, seed) => seed + 1))(
  'the inventory as of each instant is what was listed then, any two differ as the lists do, and each value is told since when it is (history %i)',
  async (seed) => {
    const { snapshots, asOf, diff, blame } = await playHistory(coverage, api, seed, STEPS)
    for (const { at, did, resources, answers } of snapshots) {
      expect([did, await asOf(at)]).toEqual([did, { resources, answers }])
    }
    for (const { cloud_service_id: id } of snapshots.at(-1)?.resources ?? []) {
      expect([id, await blame(String(id))]).toEqual([id, blameSnapshots(snapshots, String(id))])
    }
    for (const [place, older] of snapshots.entries()) {
      // Each with the next, and with one of the later ones.
      const later = snapshots.slice(place + 1)
      for (const newer of [later[0], later[(place * 7) % Math.max(later.length, 1)]]) {
        if (newer === undefined) continue
        const expected = diffSnapshots(older.resources, newer.resources)
        expect([older.did, newer.did, await diff(older.at, newer.at)]).toEqual([
          older.did,
          newer.did,
          expected,
        ])
      }
    }
  },
  600_000,
)

test('what a plugin keeps out of the history is absent where it has changed since, and cannot be asked about', async () => {
  const metadata = { change_history: { exclude: ['data.load', 'data.a.b'] } }
  const seen = (load: number, size: number) =>
    thing({ id: 'a', data: { load: { cpu: load }, 'a.b': { c: load }, loaded: 1, size }, metadata })
  const b = thing({ id: 'b' })
  const collector = await coverage.givenCloud([])
  const { domainId } = collector
  await beginHistory(domainId)
  const first = await collect(collector, seen(1, 1), b)
  const second = await collect(collector, seen(2, 1), b)
  const third = await collect(collector, seen(2, 2), b)

  const listed = async (as_of: string, query = {}) => {
    const only = ['name', 'data', 'updated_at']
    return await api.post('/gleaner/v1/history/list', {
      domain_id: domainId,
      as_of,
      query: { only, ...query },
    })
  }
  const id = expect.stringMatching(/^cloud-svc-/)
  expect(await listed(first)).toMatchObject({
    results: [{ name: 'a', data: { size: 1 }, updated_at: first }, { name: 'b' }],
    unknown: [
      { path: 'data.a.b', cloud_service_ids: [id] },
      { path: 'data.load', cloud_service_ids: [id] },
    ],
  })
  expect(Object(await listed(first)).results[0].data).toEqual({ size: 1, loaded: 1 })
  expect(await listed(second)).toMatchObject({
    results: [{ data: { load: { cpu: 2 }, size: 1 } }, {}],
    unknown: [],
  })
  expect(await listed(third, { filter: [{ k: 'data.load.cpu', v: 2, o: 'eq' }] })).toMatchObject({
    total_count: 1,
  })

  for (const query of [
    { filter: [{ k: 'data.load.cpu', v: 1, o: 'gte' }] },
    { filter: [{ k: 'data', v: true, o: 'exists' }] },
    { sort: { key: 'data.load' } },
  ]) {
    await expect(listed(first, query)).rejects.toThrow('ERROR_HISTORY_NOT_KEPT')
    expect(await listed(second, query)).toMatchObject({ total_count: expect.any(Number) })
  }
  const [{ id: resourceId } = { id: '' }] = await coverage.db.query<{ id: string }>(
    `select cloud_service_id as id from cloud_service where domain_id = $1 and name = 'a'`,
    [domainId],
  )
  const one = { domain_id: domainId, cloud_service_id: resourceId, as_of: first }
  expect(await api.post('/gleaner/v1/history/get', one)).toMatchObject({
    resource: { data: { size: 1 } },
    unknown_paths: ['data.a.b', 'data.load'],
  })
})

test('once old deletions are removed, the past begins with the newest of them and lacks only what is gone', async () => {
  const { snapshots, asOf, domainId, ask } = await playHistory(coverage, api, 7, STEPS)
  const idsIn = async (condition: string) => {
    const rows = await coverage.db.query<{ id: string }>(
      `select cloud_service_id as id from cloud_service where domain_id = $1 and ${condition} order by 1`,
      [domainId],
    )
    return rows.map(({ id }) => id)
  }
  const deletions: Date[] = []
  for (const cloud_service_id of (await idsIn(`state = 'ACTIVE'`)).slice(0, 4)) {
    coverage.clock.now = new Date(coverage.now().getTime() + 3_600_000)
    await ask('/inventory/v1/cloud-service/delete', { cloud_service_id })
    deletions.push(coverage.now())
  }
  const [, second = coverage.now(), third = coverage.now()] = deletions
  const moments = [...snapshots.map(({ at }) => at), ...deletions.map((at) => at.toISOString())]
  const before = new Map<string, readonly JsonObject[]>()
  for (const at of moments) before.set(at, (await asOf(at)).resources)

  while ((await removeDeleted(coverage.db, domainId, third)).more);

  const left = new Set(await idsIn('true'))
  expect(await idsIn(`state = 'DELETED'`)).toHaveLength(2)
  for (const [at, resources] of before) {
    if (new Date(at) < second) await expect(asOf(at)).rejects.toThrow('ERROR_HISTORY_NOT_KEPT')
    else {
      const kept = resources.filter(({ cloud_service_id: id }) => left.has(String(id)))
      expect((await asOf(at)).resources).toEqual(kept)
    }
  }
})

test('before its domain there was nothing, as long as the history that began with it is whole', async () => {
  const collector = await coverage.givenCloud([])
  const { domainId } = collector
  const first = await collect(collector, thing({ id: 'a' }))
  await collect(collector, thing({ id: 'a', data: { size: 1 } }))

  const before = { domain_id: domainId, as_of: '2001-01-01' }
  expect(await api.post('/gleaner/v1/history/list', before)).toMatchObject({ results: [], total_count: 0 })
  const diff = { domain_id: domainId, from: '2001-01-01' }
  expect(await api.post('/gleaner/v1/history/diff', diff)).toMatchObject({
    total_count: 1,
    created_count: 1,
    results: [{ name: 'a', difference: 'created', changes: [] }],
  })
  await coverage.db.query('update domain set history_since = $2 where domain_id = $1', [domainId, first])
  await expect(api.post('/gleaner/v1/history/diff', diff)).rejects.toThrow('ERROR_HISTORY_NOT_KEPT')
})

test('an object that is empty since what was in it is kept out of the history has no cause', async () => {
  const metadata = { change_history: { exclude: ['data.a.secret'] } }
  const seen = (a: JsonObject) => thing({ id: 'a', data: { a }, metadata })
  const collector = await coverage.givenCloud([])
  const { domainId } = collector
  await collect(collector, seen({ secret: 1 }))
  const second = await collect(collector, seen({}))

  const [{ id } = { id: '' }] = await coverage.db.query<{ id: string }>(
    'select cloud_service_id as id from cloud_service where domain_id = $1',
    [domainId],
  )
  const asked = { domain_id: domainId, cloud_service_id: id, path: 'data.a' }
  expect(await api.post('/gleaner/v1/history/blame', asked)).toMatchObject({
    results: [{ path: 'data.a', value: {}, at: second, recorded: false, cause: '' }],
  })
})

test('what was before the records that a domain keeps is refused, and the message says since when they are', async () => {
  const collector = await coverage.givenCloud([])
  const { domainId } = collector
  await beginHistory(domainId)
  const first = await collect(collector, thing({ id: 'a', data: { size: 1 } }))
  const second = await collect(collector, thing({ id: 'a', data: { size: 2 } }))
  const third = await collect(collector, thing({ id: 'a', data: { size: 3 } }))

  const sizes = async (as_of: string) => {
    const { results } = await api.post<{ results: { data: { size: number } }[] }>(
      '/gleaner/v1/history/list',
      { domain_id: domainId, as_of },
    )
    return results.map(({ data }) => data.size)
  }
  expect([await sizes(first), await sizes(second), await sizes(third)]).toEqual([[1], [2], [3]])
  await removeOldRecords(coverage.db, domainId, new Date(third))
  expect(await sizes(third)).toEqual([3])
  await expect(sizes(second)).rejects.toThrow(`begins at ${third}`)
  // Keeping for ever from now on brings nothing back.
  await removeOldRecords(coverage.db, domainId, new Date(second))
  await expect(sizes(second)).rejects.toThrow('ERROR_HISTORY_NOT_KEPT')
})
