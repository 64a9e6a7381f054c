import { assertSlot } from '../../decode/index.ts'

/**
 * By which message of this attempt each slot was seen first. Messages are numbered from 1, so that "came
 * before" depends on the stream alone, whatever batches it was cut into and when they were written. Four
 * bytes a slot.
 */
export class FirstSightings {
  #numbers: Uint32Array<ArrayBuffer>

  constructor(expectedSlots: number) {
    this.#numbers = new Uint32Array(Math.max(64, expectedSlots))
  }

  /** Notes that a message showed a slot; true when none had before. The earliest message stays. */
  note(slot: number, message: number): boolean {
    assertSlot(slot)
    if (slot >= this.#numbers.length) this.#grow(slot + 1)
    const before = this.#numbers[slot] ?? 0
    if (before === 0 || message < before) this.#numbers[slot] = message
    return before === 0
  }

  /** Whether a message before this one has shown the slot. */
  isBefore(slot: number, message: number): boolean {
    const first = this.#numbers[slot] ?? 0
    return first > 0 && first < message
  }

  #grow(needed: number): void {
    const length = Math.max(needed, Math.ceil(this.#numbers.length * 1.5))
    // As in the table of memos: what there was is free at once.
    this.#numbers = new Uint32Array(this.#numbers.buffer.transfer(length * Uint32Array.BYTES_PER_ELEMENT))
  }
}
