import type { Sql } from '../../../storage/index.ts'
import type { SlotSet } from '../../decode/index.ts'
import { CLOUD_SERVICE } from '../../kinds.ts'

/**
 * The live claims of a contributor on cloud services. There are few cells and many claims, so that claims are
 * counted by the place of their cell: a cell is a number of 53 bits, which to look up makes an object of each
 * time.
 */
export type Claims = {
  /** Ascending. */
  readonly slots: Int32Array
  /** Beside each slot, where in `cells` its cell is. */
  readonly places: Uint32Array
  /** Each once. There may be some in which no claim is any more. */
  readonly cells: readonly number[]
}

/** The cell of the claim at a place in `slots`. */
export function cellAt({ places, cells }: Claims, at: number): number {
  return cells[places[at] ?? 0] ?? 0
}

/** How many claims are in each cell that has some. */
export function countByCell(claims: Claims): ReadonlyMap<number, number> {
  return countsByCell(claims, () => true)
}

/** The cells of those claims whose slots are in a set. */
export function cellsAmong(claims: Claims, among: SlotSet): ReadonlySet<number> {
  return new Set(countsByCell(claims, (slot) => among.has(slot)).keys())
}

function countsByCell(
  { slots, places, cells }: Claims,
  isCounted: (slot: number) => boolean,
): ReadonlyMap<number, number> {
  const counts = new Uint32Array(cells.length)
  for (let at = 0; at < slots.length; at++) {
    const place = places[at] ?? 0
    if (isCounted(slots[at] ?? 0)) counts[place] = (counts[place] ?? 0) + 1
  }
  return new Map(
    [...counts].flatMap((count, place) => (count > 0 ? [[cells[place] ?? 0, count] as const] : [])),
  )
}

/** One cell, and its slots in any order as `int4send` writes them. */
type CellRow = { readonly cell: number; readonly slots: Buffer }

/**
 * Reads all claims of a contributor, packed by cell: this is most of what coverage costs an unchanged run,
 * and with the cell beside each slot it took twice as long. A claim from before cells were kept has cell 0.
 */
export async function listClaims(sql: Sql, domainId: string, contributorId: number): Promise<Claims> {
  const rows = await sql.query<CellRow>(
    `select coalesce(cell, 0) as cell, string_agg(int4send(slot), ''::bytea) as slots
       from contribution
      where domain_id = $1 and contributor_id = $2 and kind = ${CLOUD_SERVICE.code}
      group by 1`,
    [domainId, contributorId],
    { name: 'list_claims' },
  )
  return inOrder(rows.map(({ cell, slots }) => ({ cell, slots: unpack(slots) })))
}

function unpack(packed: Buffer): Int32Array {
  const slots = new Int32Array(packed.length / 4)
  for (let at = 0; at < slots.length; at++) slots[at] = packed.readInt32BE(at * 4)
  return slots
}

type CellSlots = { readonly cell: number; readonly slots: Int32Array }

/** Slots are nearly dense, so the row of each is its place: cheaper than to sort them. */
function inOrder(rows: readonly CellSlots[]): Claims {
  let last = -1
  let count = 0
  for (const { slots } of rows) {
    count += slots.length
    for (const slot of slots) if (slot > last) last = slot
  }
  const rowOf = new Uint32Array(last + 1)
  rows.forEach(({ slots }, row) => {
    for (const slot of slots) rowOf[slot] = row + 1
  })
  const claims = {
    slots: new Int32Array(count),
    places: new Uint32Array(count),
    cells: rows.map(({ cell }) => cell),
  }
  let at = 0
  for (let slot = 0; slot <= last; slot++) {
    const row = rowOf[slot] ?? 0
    if (row === 0) continue
    claims.slots[at] = slot
    claims.places[at++] = row - 1
  }
  return claims
}
