import { expect, test } from 'vitest'
import { type CellName, isNamed, NO_NAME } from '../../src/coverage/cells.ts'
import { indexCells, indexNames } from '../../src/coverage/name-index.ts'

/** All names of three fields with two values each, or without them. */
const VALUES = ['', 'a', 'b']
const names = VALUES.flatMap((provider) =>
  VALUES.flatMap((account) =>
    VALUES.map((regionCode): CellName => ({ ...NO_NAME, provider, account, regionCode })),
  ),
)
const cells = names.filter(({ provider }) => provider !== '')

test('an index of names finds those that mean a cell, in their order, and no others', () => {
  const find = indexNames([...names, ...names.toReversed()], (name) => name)
  for (const cell of cells)
    expect(find(cell)).toEqual([...names, ...names.toReversed()].filter((name) => isNamed(cell, name)))
  expect(indexNames([], () => NO_NAME)(NO_NAME)).toEqual([])
})

test('an index of cells knows which names mean any', () => {
  for (const some of [cells, cells.slice(0, 1), []]) {
    const isKnown = indexCells(some)
    for (const name of names) expect(isKnown(name)).toBe(some.some((cell) => isNamed(cell, name)))
  }
})
