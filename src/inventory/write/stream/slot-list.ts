/**
 * Slots in the order they come, four bytes each and outside the JavaScript heap: as an array, 50,000 of them
 * are copied again and again, as they grow, by what collects garbage, and where they are put together.
 */
export class SlotList {
  length = 0
  #slots = new Int32Array(256)

  add(slot: number): void {
    if (this.length === this.#slots.length) {
      // As in the table of memos: what there was is free at once.
      this.#slots = new Int32Array(this.#slots.buffer.transfer(this.#slots.byteLength * 2))
    }
    this.#slots[this.length++] = slot
  }

  /** Those there are, uncopied. */
  toArray(): Int32Array {
    return this.#slots.subarray(0, this.length)
  }
}
