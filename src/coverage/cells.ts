import type { Cell } from '../inventory/index.ts'

/** A cell of a contributor by its number. */
export type KnownCells = ReadonlyMap<number, Cell>

/** Names cells: an empty field names any. */
export type CellName = Cell

/** Whether a cell is among those that a name means. */
export function isNamed(cell: Cell, name: CellName): boolean {
  return NAME_KEYS.every((key) => name[key] === '' || name[key] === cell[key])
}

export function isEmptyName(name: CellName): boolean {
  return NAME_KEYS.every((key) => name[key] === '')
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

/** A name by the fields of requests. */
export function nameFields(name: CellName): Readonly<Record<string, string>> {
  return {
    provider: name.provider,
    cloud_service_group: name.cloudServiceGroup,
    cloud_service_type: name.cloudServiceType,
    account: name.account,
    region_code: name.regionCode,
  }
}

/** The fields of a name, in the order of the API. */
export const NAME_KEYS = [
  'provider',
  'cloudServiceGroup',
  'cloudServiceType',
  'account',
  'regionCode',
] as const
