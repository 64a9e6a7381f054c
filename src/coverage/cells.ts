import type { Cell } from '../inventory/index.ts'

/** A cell of a contributor by its number. */
export type KnownCells = ReadonlyMap<number, Cell>

/** Names cells: an empty field names any. */
export type CellName = Cell

/** Whether a cell is among those that a name means. */
export function isNamed(cell: Cell, name: CellName): boolean {
  return NAMES.every((key) => name[key] === '' || name[key] === cell[key])
}

export function isEmptyName(name: CellName): boolean {
  return NAMES.every((key) => name[key] === '')
}

/** The same without the region. */
export function withoutRegion<T extends Cell>(cell: T): T {
  return { ...cell, regionCode: '' }
}

/** Names no cell, and as a question any. */
export const NO_NAME: CellName = {
  provider: '',
  cloudServiceGroup: '',
  cloudServiceType: '',
  account: '',
  regionCode: '',
}

const NAMES = ['provider', 'cloudServiceGroup', 'cloudServiceType', 'account', 'regionCode'] as const
