import { hash } from 'node:crypto'
import { CLOUD_SERVICE, type ResourceDocument, type ResourceKind } from './kinds.ts'

/** The columns that make up a cell besides its contributor. */
export const CELL_COLUMNS = [
  'provider',
  'cloud_service_group',
  'cloud_service_type',
  'account',
  'region_code',
] as const

/** Where a resource belongs, for questions about completeness. */
export type Cell = {
  readonly provider: string
  readonly cloudServiceGroup: string
  readonly cloudServiceType: string
  readonly account: string
  readonly regionCode: string
}

/**
 * The number of the cell that a contributor's document belongs to; null for kinds that have none. 53 bits of
 * SHA-256, so that it fits a JavaScript number and no table of names stands in the way of a batch: even with
 * 100,000 cells of one contributor two of them meet with odds of one in two million, and would then only be
 * judged together. Migration 0011 computes the same.
 */
export function cellOf(kind: ResourceKind, document: ResourceDocument): number | null {
  if (kind !== CLOUD_SERVICE) return null
  const names = CELL_COLUMNS.map((column) => String(document[column] ?? '')).join('\u0001')
  return Number(BigInt(`0x${hash('sha256', names, 'hex').slice(0, 14)}`) & MASK)
}

const MASK = 2n ** 53n - 1n
