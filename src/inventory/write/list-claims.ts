import type { Sql } from '../../storage/index.ts'
import { CLOUD_SERVICE } from '../kinds.ts'

/** The live claims of a contributor on cloud services: slots ascending, and the cell of each beside it. */
export type Claims = { readonly slots: Int32Array; readonly cells: Float64Array }

/** Claims that one statement brings. */
const LOAD_ROWS = 65_536
/** slot int4, cell int8, as `int4send` and `int8send` write them. */
const ROW_BYTES = 12

/**
 * Reads all claims of a contributor, packed as `openRun` reads memos: this is most of what coverage costs an unchanged
 * run. A claim from before cells were kept has cell 0.
 */
export async function listClaims(sql: Sql, domainId: string, contributorId: number): Promise<Claims> {
  const parts: Buffer[] = []
  let after = -1
  for (let packed = await loadAfter(); packed !== undefined; packed = await loadAfter()) {
    parts.push(packed)
    after = packed.readInt32BE(packed.length - ROW_BYTES)
    if (packed.length < LOAD_ROWS * ROW_BYTES) break
  }
  return unpack(Buffer.concat(parts))

  async function loadAfter(): Promise<Buffer | undefined> {
    const [row] = await sql.query<{ packed: Buffer | null }>(
      `select string_agg(int4send(slot) || int8send(coalesce(cell, 0)), ''::bytea) as packed
         from (select slot, cell from contribution
                where domain_id = $1 and contributor_id = $2 and slot > $3 and kind = ${CLOUD_SERVICE.code}
                order by slot limit ${LOAD_ROWS}) c`,
      [domainId, contributorId, after],
      { name: 'list_claims' },
    )
    return row?.packed ?? undefined
  }
}

function unpack(packed: Buffer): Claims {
  const count = packed.length / ROW_BYTES
  const slots = new Int32Array(count)
  const cells = new Float64Array(count)
  for (let at = 0; at < count; at++) {
    const start = at * ROW_BYTES
    slots[at] = packed.readInt32BE(start)
    cells[at] = packed.readUInt32BE(start + 4) * 2 ** 32 + packed.readUInt32BE(start + 8)
  }
  return { slots, cells }
}
