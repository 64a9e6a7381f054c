import { afterAll, describe, expect, test } from 'vitest'
import type { KnownCells } from '../../../src/coverage/cells.ts'
import { mergeHolds, type OpenHold } from '../../../src/coverage/holds/merge-holds.ts'
import { planHolds } from '../../../src/coverage/holds/plan-holds.ts'
import type { CellCount } from '../../../src/coverage/settle/count-misses.ts'
import { errorResource, openCoverage, thing, things } from '../support.ts'

type Group = { region: string; type?: string; claims: number; due: number; seen?: number }

/** A contributor with these cells; slots are numbered through, those that are due come first in each cell. */
function given(groups: readonly Group[]) {
  const slots: number[] = []
  const inCells: number[] = []
  const due: number[] = []
  const cells = new Map<number, KnownCells extends ReadonlyMap<number, infer C> ? C : never>()
  const counts = new Map<number, CellCount>()
  for (const [
    at,
    { region, type = 'Bucket', claims, due: dueHere, seen = claims - dueHere },
  ] of groups.entries()) {
    const names = { provider: 'acme', cloudServiceGroup: 'Store', account: 'a1' }
    cells.set(at + 1, { ...names, cloudServiceType: type, regionCode: region })
    counts.set(at + 1, { claims, seen, missed: dueHere, unknown: 0 })
    for (let one = 0; one < claims; one++) {
      if (one < dueHere) due.push(slots.length)
      inCells.push(at + 1)
      slots.push(slots.length)
    }
  }
  const claims = {
    slots: Int32Array.from(slots),
    places: Uint32Array.from(inCells, (cell) => cell - 1),
    cells: [...cells.keys()],
  }
  return planHolds({ claims, due, cells, counts })
}

describe('what is due', () => {
  test('ends when it is little, or not more than half', () => {
    expect(given([{ region: 'eu', claims: 12, due: 10 }])).toMatchObject({ holds: [], ends: { length: 10 } })
    expect(given([{ region: 'eu', claims: 40, due: 20 }])).toMatchObject({ holds: [], ends: { length: 20 } })
  })

  test('is held by the widest scope that would lose more than ten and more than half', () => {
    expect(given([{ region: 'eu', claims: 20, due: 11 }]).holds).toMatchObject([
      { reason: 'many', scope: 'task', ofClaims: 20 },
    ])
    const oneRegion = given([
      { region: 'eu', claims: 20, due: 11 },
      { region: 'us', claims: 20, due: 2 },
    ])
    expect(oneRegion.holds).toMatchObject([
      { reason: 'many', scope: 'region', name: { regionCode: 'eu', cloudServiceType: '' } },
    ])
    expect(oneRegion.ends).toHaveLength(2)
  })

  test.each([
    { scope: 'kind', name: { cloudServiceType: 'Bucket', regionCode: '' }, more: ['us', 'Bucket', 8, 6] },
    { scope: 'cell', name: { cloudServiceType: 'Bucket', regionCode: 'eu' }, more: ['us', 'Bucket', 30, 0] },
  ] as const)('is held by $scope where no wider scope would lose too much', ({ scope, name, more }) => {
    const [region, type, claims, due] = more
    const plan = given([
      { region: 'eu', claims: 20, due: 11 },
      { region, type, claims, due },
      { region: 'eu', type: 'Disk', claims: 40, due: 0 },
    ])
    expect(plan).toMatchObject({ holds: [{ reason: 'many', scope, name }], ends: [] })
  })

  test('is held cell by cell where the run saw nothing of a cell', () => {
    const plan = given([
      { region: 'eu', claims: 2, due: 2 },
      { region: 'us', claims: 9, due: 1 },
      { region: 'af', claims: 2, due: 1, seen: 0 },
    ])
    expect(plan.holds.map(({ reason, name }) => [reason, name.regionCode])).toEqual([
      ['emptied', 'eu'],
      ['emptied', 'af'],
    ])
    expect(plan.ends).toHaveLength(1)
  })
})

describe('an open hold', () => {
  const at = new Date('2026-01-03T00:00:00Z')
  const hold: OpenHold = {
    ...(given([{ region: 'eu', claims: 12, due: 12 }]).holds[0] ?? fail()),
    holdId: 'hold-1',
    receipts: 2,
    createdAt: new Date('2026-01-01T00:00:00Z'),
  }
  const input = { open: [hold], isConfirmed: () => true, releasesHolds: false, at }

  test('keeps what is left of it although the rest would be few enough', () => {
    const merged = mergeHolds({
      ...input,
      plan: { ends: [0, 1, 2], holds: [] },
      isMissed: (slot) => slot < 3,
    })
    expect(merged).toMatchObject({ kept: [{ slots: [0, 1, 2], receipts: 3 }], ends: [], lapsed: [] })
  })

  test('lapses when nothing of it is missed any more', () => {
    const merged = mergeHolds({ ...input, plan: { ends: [20], holds: [] }, isMissed: () => false })
    expect(merged).toMatchObject({ kept: [], lapsed: [hold], ends: [20] })
  })

  test('ends by itself only where that is wanted, after three receipts over a day', () => {
    const plan = { ends: [], holds: [hold] }
    const isMissed = (slot: number) => hold.slots.includes(slot)
    expect(mergeHolds({ ...input, plan, isMissed }).released).toEqual([])
    const wanted = { ...input, plan, isMissed, releasesHolds: true }
    expect(mergeHolds(wanted)).toMatchObject({ released: [{ holdId: 'hold-1' }], ends: hold.slots, kept: [] })
    const kept = mergeHolds({ ...wanted, isConfirmed: (slot) => slot > 0 })
    expect(kept).toMatchObject({ kept: [{ receipts: 2 }], released: [], ends: [] })
    expect(mergeHolds({ ...wanted, at: new Date('2026-01-01T23:00:00Z') }).released).toEqual([])
  })
})

describe('an open hold that may end by itself', () => {
  const DAY = 86_400_000

  test('is confirmed by no run that could not read what it keeps back', async () => {
    const coverage = await openCoverage({ releasesHolds: true })
    afterAll(coverage.close)
    const { cloud, ...collector } = await coverage.givenCloud([
      ...things(12),
      thing({ id: 'd', type: 'Disk' }),
    ])
    await coverage.run(collector)
    cloud.sends = [thing({ id: 'd', type: 'Disk' })]
    await coverage.runTimes(3, collector)

    cloud.sends = [...cloud.sends, errorResource('AccessDenied', { cloud_service_type: 'Bucket' })]
    for (let at = 0; at < 4; at++) await coverage.run(collector, { after: DAY })
    expect(await coverage.idsIn(collector.domainId)).toHaveLength(13)

    cloud.sends = cloud.sends.slice(0, 1)
    await coverage.runTimes(2, collector)
    expect(await coverage.idsIn(collector.domainId)).toEqual(['d'])
  })
})

function fail(): never {
  throw new Error('there is no such hold')
}
