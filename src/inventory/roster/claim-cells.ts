import { assertSlot } from '../decode/index.ts'
import { CLOUD_SERVICE } from '../kinds.ts'
import type { Claims } from '../write/claims/list-claims.ts'
import { CELL_AT, ENTRY_BYTES, KIND_AT, readCell, SLOT_AT } from './entries.ts'

/**
 * The kind and the cell of each slot. There are few cells and many slots, so that cells are numbered: five
 * bytes a slot, outside the JavaScript heap.
 */
export class ClaimCells {
  /** Slots with a claim, of whatever kind. */
  count = 0
  #kinds: Uint8Array<ArrayBuffer>
  #cellOf: Uint32Array<ArrayBuffer>
  /** What is in no page yet has cell 0, as types and regions have. */
  readonly #cells = [0]
  readonly #numbers = new Map([[0, 0]])
  readonly #recent = new RecentCells()

  constructor(expectedSlots: number) {
    const size = Math.max(64, expectedSlots)
    this.#kinds = new Uint8Array(size)
    this.#cellOf = new Uint32Array(size)
  }

  /** Slots that there is room for. */
  get size(): number {
    return this.#kinds.length
  }

  /** The kind code of a slot; 0 where there is no claim. */
  kindOf(slot: number): number {
    return this.#kinds[slot] ?? 0
  }

  /** Leaves the cell as it is. */
  setKind(slot: number, kind: number): void {
    assertSlot(slot)
    if (slot >= this.#kinds.length) this.#grow(slot + 1)
    this.count += (kind === 0 ? 0 : 1) - (this.#kinds[slot] === 0 ? 0 : 1)
    this.#kinds[slot] = kind
  }

  /** Takes over the entries of a page, in place of what there was for their slots. */
  take(entries: Buffer): void {
    const view = new DataView(entries.buffer, entries.byteOffset, entries.length)
    const recent = this.#recent
    for (let at = 0; at < entries.length; at += ENTRY_BYTES) {
      const slot = view.getInt32(at + SLOT_AT)
      this.setKind(slot, view.getInt16(at + KIND_AT))
      const high = view.getInt32(at + CELL_AT)
      const low = view.getInt32(at + CELL_AT + 4)
      let number = recent.find(high, low)
      if (number < 0) {
        number = this.#numberOf(readCell(view, at))
        recent.note(high, low, number)
      }
      this.#cellOf[slot] = number
    }
  }

  /** The claims on cloud services. */
  toClaims(): Claims {
    const kinds = this.#kinds
    let count = 0
    for (let slot = 0; slot < kinds.length; slot++) if (kinds[slot] === CLOUD_SERVICE.code) count++
    const claims = {
      slots: new Int32Array(count),
      places: new Uint32Array(count),
      cells: [...this.#cells],
    }
    let at = 0
    for (let slot = 0; slot < kinds.length; slot++) {
      if (kinds[slot] !== CLOUD_SERVICE.code) continue
      claims.slots[at] = slot
      claims.places[at++] = this.#cellOf[slot] ?? 0
    }
    return claims
  }

  #numberOf(cell: number): number {
    let number = this.#numbers.get(cell)
    if (number === undefined) {
      number = this.#cells.push(cell) - 1
      this.#numbers.set(cell, number)
    }
    return number
  }

  #grow(needed: number): void {
    const size = Math.max(needed, Math.ceil(this.#kinds.length * 1.5))
    // As in the table of memos: what there was is free at once.
    this.#kinds = new Uint8Array(this.#kinds.buffer.transfer(size))
    this.#cellOf = new Uint32Array(this.#cellOf.buffer.transfer(size * Uint32Array.BYTES_PER_ELEMENT))
  }
}

/** Places for cells that were asked for; each cell has one of them, which it may share with others. */
const PLACES = 1_024

/**
 * A few cells by the two words they have in an entry: as one number each of a hundred thousand would be an
 * object, and looked up as such.
 */
class RecentCells {
  readonly #highs = new Int32Array(PLACES)
  readonly #lows = new Int32Array(PLACES)
  readonly #numbers = new Int32Array(PLACES).fill(-1)

  /** The number of a cell, or -1 when it is not there any more. */
  find(high: number, low: number): number {
    const place = placeOf(high, low)
    return this.#highs[place] === high && this.#lows[place] === low ? (this.#numbers[place] ?? -1) : -1
  }

  note(high: number, low: number, number: number): void {
    const place = placeOf(high, low)
    this.#highs[place] = high
    this.#lows[place] = low
    this.#numbers[place] = number
  }
}

/** Cells are hashes. */
function placeOf(high: number, low: number): number {
  return (high ^ low) & (PLACES - 1)
}
