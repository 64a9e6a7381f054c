import { describe, expect, test } from 'vitest'
import { type CellName, isNamed } from '../../../src/coverage/cells.ts'
import { coveredCells } from '../../../src/coverage/settle/covered-cells.ts'

const ANY: CellName = {
  provider: '',
  cloudServiceGroup: '',
  cloudServiceType: '',
  account: '',
  regionCode: '',
}
const cell = (cloudServiceType: string, regionCode: string, account = 'a1') => ({
  provider: 'acme',
  cloudServiceGroup: 'Store',
  cloudServiceType,
  account,
  regionCode,
})
const CELLS = new Map([
  [1, cell('Bucket', 'eu')],
  [2, cell('Bucket', 'us')],
  [3, cell('Disk', 'eu')],
  [4, cell('Disk', 'eu', 'a2')],
])
const derived = { isRegionBound: false, complete: undefined, unfinished: [] }
const bound = { isRegionBound: true, complete: undefined, unfinished: [] }

describe('a derived receipt', () => {
  test.each([
    { failures: [], declaration: derived, covers: [1, 2, 3, 4] },
    { failures: [ANY], declaration: derived, covers: [] },
    { failures: [{ ...ANY, cloudServiceType: 'Queue' }], declaration: derived, covers: [] },
    { failures: [{ ...ANY, cloudServiceType: 'Disk' }], declaration: derived, covers: [1, 2] },
    {
      failures: [{ ...ANY, cloudServiceType: 'Disk', account: 'a2' }],
      declaration: derived,
      covers: [1, 2, 3],
    },
    {
      failures: [{ ...ANY, cloudServiceType: 'Bucket', regionCode: 'us' }],
      declaration: derived,
      covers: [3, 4],
    },
    {
      failures: [{ ...ANY, cloudServiceType: 'Bucket', regionCode: 'us' }],
      declaration: bound,
      covers: [1, 3, 4],
    },
    { failures: [{ ...ANY, cloudServiceType: 'Bucket', regionCode: 'af' }], declaration: bound, covers: [] },
    { failures: [{ ...ANY, regionCode: 'us' }], declaration: derived, covers: [] },
    { failures: [{ ...ANY, regionCode: 'us' }], declaration: bound, covers: [1, 3, 4] },
  ])('after $failures covers $covers', ({ failures, declaration, covers }) => {
    const covered = coveredCells({ cells: CELLS, isComplete: true, failures, declaration })
    expect([...covered.keys()]).toEqual(covers)
    expect(new Set(covered.values()).isSubsetOf(new Set(['derived']))).toBe(true)
  })

  test('is never earned by a run that was not read to its end', () => {
    expect(coveredCells({ cells: CELLS, isComplete: false, failures: [], declaration: bound }).size).toBe(0)
  })
})

describe('declared scopes', () => {
  const buckets = { ...ANY, cloudServiceType: 'Bucket' }

  test('cover what they name, also alone, and what they leave out is not covered', () => {
    const declaration = { isRegionBound: false, complete: [buckets], unfinished: [] }
    expect(coveredCells({ cells: CELLS, isComplete: false, failures: [], declaration })).toEqual(
      new Map([
        [1, 'declared'],
        [2, 'declared'],
      ]),
    )
  })

  test('of one region count only when ids are bound to regions', () => {
    const complete = [{ ...buckets, regionCode: 'eu' }]
    const covered = (isRegionBound: boolean) =>
      coveredCells({
        cells: CELLS,
        isComplete: true,
        failures: [],
        declaration: { isRegionBound, complete, unfinished: [] },
      })
    expect([...covered(false).keys()]).toEqual([])
    expect([...covered(true).keys()]).toEqual([1])
  })

  test('of single regions count together where ids are not bound to regions, when they are all that is known of the kind', () => {
    const complete = ['eu', 'us', 'af'].map((regionCode) => ({ ...buckets, regionCode }))
    const covered = (unfinished: readonly CellName[] = []) => {
      const declaration = { isRegionBound: false, complete, unfinished }
      return [...coveredCells({ cells: CELLS, isComplete: true, failures: unfinished, declaration }).keys()]
    }
    expect(covered()).toEqual([1, 2])
    expect(covered([{ ...buckets, regionCode: 'xx' }])).toEqual([])
  })

  test('cover nothing that a failure names', () => {
    const declaration = { isRegionBound: true, complete: [buckets], unfinished: [] }
    const failures = [{ ...buckets, regionCode: 'us' }]
    expect([...coveredCells({ cells: CELLS, isComplete: true, failures, declaration }).keys()]).toEqual([1])
  })
})

test.each([
  ['only itself when the plugin has opened it', ['Queue'], [1, 2]],
  ['everything when nobody knows it', [], []],
])('a failure where nothing was ever seen withholds %s', (_, opened, covers) => {
  const declaration = {
    isRegionBound: false,
    complete: [{ ...ANY, cloudServiceType: 'Bucket' }],
    unfinished: opened.map((cloudServiceType) => ({ ...ANY, cloudServiceType })),
  }
  const failures = [{ ...ANY, cloudServiceType: 'Queue' }]
  const covered = coveredCells({ cells: CELLS, isComplete: true, failures, declaration })
  expect([...covered.keys()]).toEqual(covers)
})

test('an empty field of a name means any', () => {
  expect(isNamed(cell('Disk', 'eu'), ANY)).toBe(true)
  expect(isNamed(cell('Disk', 'eu'), { ...ANY, account: 'a2' })).toBe(false)
})
