import { MEMO_BYTES } from '../decode/index.ts'

/**
 * Where the fields of an entry lie, as `roster_entry` of the database writes them: big-endian, one behind the
 * other.
 */
export const SLOT_AT = 0
export const KIND_AT = 4
export const CELL_AT = 6
export const MEMO_AT = 14
export const ENTRY_BYTES = MEMO_AT + MEMO_BYTES

const HIGH_WORD = 2 ** 32

/** Cells have 53 bits, so that none is lost in a number. */
export function readCell(view: DataView, entryAt: number): number {
  return view.getUint32(entryAt + CELL_AT) * HIGH_WORD + view.getUint32(entryAt + CELL_AT + 4)
}
