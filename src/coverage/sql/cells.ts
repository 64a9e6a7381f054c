import { CELL_COLUMNS, type Cell } from '../../inventory/write/index.ts'
import { int4Array, int8Array, type Sql, type Transaction } from '../../storage/index.ts'
import type { ContributorKey } from './claim-state.ts'

/** A cell as it is stored: its name, and the numbers of the newest run that knew better. */
export type StoredCell = Cell & {
  readonly cell: number
  readonly claims: number
  readonly missed: number
  readonly unknown: number
  readonly held: number
  /**
   * Sequence of the newest receipt that covered it while others were withheld; null where there is none, and
   * before it is stored.
   */
  readonly receiptSeq: number | null
}

export type CellNumbers = Pick<StoredCell, 'cell' | 'claims' | 'missed' | 'unknown' | 'held'>

const COLUMNS = CELL_COLUMNS.join(', ')

/** Reads the cells of a contributor that were seen before. */
export async function listCells(sql: Sql, key: ContributorKey): Promise<readonly StoredCell[]> {
  return await sql.query<StoredCell>(
    `select cell, ${COLUMNS}, claims, missed, unknown, held, receipt_seq from coverage_cell
      where domain_id = $1 and contributor_id = $2`,
    [key.domainId, key.contributorId],
    { name: 'list_cells' },
  )
}

/** Reads the names of cells from one claim in each. */
export async function nameCells(
  sql: Sql,
  key: ContributorKey,
  slots: readonly number[],
): Promise<readonly StoredCell[]> {
  if (slots.length === 0) return []
  const names = CELL_COLUMNS.map((column) => `coalesce(c.document->>'${column}', s.${column}) as ${column}`)
  return await sql.query<StoredCell>(
    `select coalesce(c.cell, 0) as cell, ${names.join(', ')}, 0 as claims, 0 as missed, 0 as unknown, 0 as held,
            null::bigint as receipt_seq
       from contribution c
       join cloud_service s on s.domain_id = c.domain_id and s.cloud_service_id = c.target_id
      where c.domain_id = $1 and c.contributor_id = $2 and c.slot = any($3::int4[])`,
    [key.domainId, key.contributorId, int4Array(slots)],
  )
}

export async function insertCells(
  tx: Transaction,
  key: ContributorKey,
  cells: readonly StoredCell[],
): Promise<void> {
  if (cells.length === 0) return
  await tx.query(
    `insert into coverage_cell (domain_id, contributor_id, cell, ${COLUMNS})
     select $1, $2, c.* from unnest($3::int8[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[]) as c
     on conflict (domain_id, contributor_id, cell) do nothing`,
    [
      key.domainId,
      key.contributorId,
      int8Array(cells.map(({ cell }) => cell)),
      cells.map(({ provider }) => provider),
      cells.map(({ cloudServiceGroup }) => cloudServiceGroup),
      cells.map(({ cloudServiceType }) => cloudServiceType),
      cells.map(({ account }) => account),
      cells.map(({ regionCode }) => regionCode),
    ],
  )
}

/** Writes the numbers of cells that changed. */
export async function updateCells(
  tx: Transaction,
  key: ContributorKey,
  cells: readonly CellNumbers[],
): Promise<void> {
  if (cells.length === 0) return
  await tx.query(
    `update coverage_cell t
        set claims = c.claims, missed = c.missed, unknown = c.unknown, held = c.held
       from unnest($3::int8[], $4::int4[], $5::int4[], $6::int4[], $7::int4[]) as c(cell, claims, missed, unknown, held)
      where t.domain_id = $1 and t.contributor_id = $2 and t.cell = c.cell`,
    [
      key.domainId,
      key.contributorId,
      int8Array(cells.map(({ cell }) => cell)),
      int4Array(cells.map(({ claims }) => claims)),
      int4Array(cells.map(({ missed }) => missed)),
      int4Array(cells.map(({ unknown }) => unknown)),
      int4Array(cells.map(({ held }) => held)),
    ],
  )
}

/** Dates cells that a receipt covers which does not cover all of them. */
export async function dateCells(
  tx: Transaction,
  key: ContributorKey,
  receipt: { readonly taskSeq: number; readonly at: Date; readonly cells: readonly number[] },
): Promise<void> {
  if (receipt.cells.length === 0) return
  await tx.query(
    `update coverage_cell set receipt_seq = $3, receipt_at = $4
      where domain_id = $1 and contributor_id = $2 and cell = any($5::int8[])`,
    [key.domainId, key.contributorId, receipt.taskSeq, receipt.at, int8Array(receipt.cells)],
  )
}

/** Forgets cells in which no claim is left, as the numbers say that are stored. */
export async function forgetCells(
  tx: Transaction,
  key: ContributorKey,
  cells: readonly number[],
): Promise<void> {
  if (cells.length === 0) return
  await tx.query(
    `delete from coverage_cell
      where domain_id = $1 and contributor_id = $2 and cell = any($3::int8[]) and claims = 0`,
    [key.domainId, key.contributorId, int8Array(cells)],
  )
}
