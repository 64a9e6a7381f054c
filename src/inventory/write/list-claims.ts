import type { Sql } from '../../storage/index.ts'
import { CLOUD_SERVICE } from '../kinds.ts'

/** The live claims of a contributor on cloud services: slots ascending, and the cell of each beside it. */
export type Claims = { readonly slots: Int32Array; readonly cells: Float64Array }

/** One cell, and its slots in any order as `int4send` writes them. */
type CellRow = { readonly cell: number; readonly slots: Buffer }

/**
 * Reads all claims of a contributor, packed by cell: this is most of what coverage costs an unchanged run, and with the
 * cell beside each slot it took twice as long. A claim from before cells were kept has cell 0.
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
  const claims = { slots: new Int32Array(count), cells: new Float64Array(count) }
  let at = 0
  for (let slot = 0; slot <= last; slot++) {
    const row = rowOf[slot] ?? 0
    if (row === 0) continue
    claims.slots[at] = slot
    claims.cells[at++] = rows[row - 1]?.cell ?? 0
  }
  return claims
}
