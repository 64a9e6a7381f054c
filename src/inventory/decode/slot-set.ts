/** Slots beyond this are a fault, not a big inventory: refused before they reserve memory. */
export const MAX_SLOT = 2 ** 26 - 1

/** Throws when a number cannot be a slot. */
export function assertSlot(slot: number): void {
  if (!Number.isInteger(slot) || slot < 0 || slot > MAX_SLOT) {
    throw new RangeError(`slot ${slot} is outside 0 … ${MAX_SLOT}`)
  }
}

/**
 * A growing set of slots, one bit each: what a run has seen. Slot `n` is bit `n & 7`, counted from the least
 * significant, of byte `n >> 3`, as PostgreSQL's `get_bit(bytea, n)` counts, so that SQL can ask the stored
 * bytes.
 */
export class SlotSet {
  #bytes: Uint8Array
  #count = 0

  constructor(expectedSlots = 0) {
    this.#bytes = new Uint8Array(Math.max(8, (expectedSlots + 7) >>> 3))
  }

  /** Takes over stored bytes; they are copied. */
  static fromBytes(bytes: Uint8Array): SlotSet {
    if (bytes.length * 8 > MAX_SLOT + 1)
      throw new RangeError(`${bytes.length} bytes are too many for a slot set`)
    const set = new SlotSet(bytes.length * 8)
    set.#bytes.set(bytes)
    for (let at = 0; at < bytes.length; at++) set.#count += BITS_OF[bytes[at] ?? 0] ?? 0
    return set
  }

  /** How many slots are in the set. */
  get count(): number {
    return this.#count
  }

  /** Adds a slot; true when it was not there before. */
  add(slot: number): boolean {
    assertSlot(slot)
    const at = slot >>> 3
    if (at >= this.#bytes.length) this.#grow(at + 1)
    const before = this.#bytes[at] ?? 0
    const after = before | (1 << (slot & 7))
    if (after === before) return false
    this.#bytes[at] = after
    this.#count++
    return true
  }

  /** Adds neighbours, from the first one up to before `end`. */
  addRun(first: number, end: number): void {
    if (end <= first) return
    assertSlot(first)
    assertSlot(end - 1)
    const [from, to] = [first >>> 3, (end - 1) >>> 3]
    if (to >= this.#bytes.length) this.#grow(to + 1)
    const head = 0xff & (0xff << (first & 7))
    const tail = 0xff >>> (7 - ((end - 1) & 7))
    for (let at = from; at <= to; at++) {
      const before = this.#bytes[at] ?? 0
      const after = before | ((at === from ? head : 0xff) & (at === to ? tail : 0xff))
      this.#count += (BITS_OF[after] ?? 0) - (BITS_OF[before] ?? 0)
      this.#bytes[at] = after
    }
  }

  /** Adds slots one by one, by place: an iterator makes an object for each of them. */
  addSlots(slots: Int32Array): void {
    for (let at = 0; at < slots.length; at++) this.add(slots[at] ?? 0)
  }

  has(slot: number): boolean {
    return ((this.#bytes[slot >>> 3] ?? 0) & (1 << (slot & 7))) !== 0
  }

  /**
   * Where those of `slots` are that are not in the set. Without a call for each, since what runs once in a
   * task is hardly ever compiled: with one 100,000 took 20 ms.
   */
  placesOfOthers(slots: Int32Array): readonly number[] {
    const bytes = this.#bytes
    const places: number[] = []
    for (let at = 0; at < slots.length; at++) {
      const slot = slots[at] ?? 0
      if (((bytes[slot >>> 3] ?? 0) & (1 << (slot & 7))) === 0) places.push(at)
    }
    return places
  }

  /** Adds all slots of another set; true when any of them was new. */
  addAll(other: SlotSet): boolean {
    const before = this.#count
    if (other.#bytes.length > this.#bytes.length) this.#grow(other.#bytes.length)
    for (let at = 0; at < other.#bytes.length; at++) this.#setByte(at, other.#bytes[at] ?? 0, 'or')
    return this.#count !== before
  }

  /** Takes out all slots of another set; true when any of them was there. */
  deleteAll(other: SlotSet): boolean {
    const before = this.#count
    const length = Math.min(this.#bytes.length, other.#bytes.length)
    for (let at = 0; at < length; at++) this.#setByte(at, other.#bytes[at] ?? 0, 'without')
    return this.#count !== before
  }

  /** Calls back for each slot in ascending order. */
  forEach(visit: (slot: number) => void): void {
    for (let at = 0; at < this.#bytes.length; at++) {
      for (let bits = this.#bytes[at] ?? 0; bits !== 0; bits &= bits - 1) visit(at * 8 + lowestBitOf(bits))
    }
  }

  /**
   * The bytes to store, without empty ones at the end. `get_bit` fails beyond them: ask for the length first.
   */
  toBytes(): Buffer {
    let length = this.#bytes.length
    while (length > 0 && this.#bytes[length - 1] === 0) length--
    return Buffer.from(this.#bytes.subarray(0, length))
  }

  #setByte(at: number, bits: number, how: 'or' | 'without'): void {
    const before = this.#bytes[at] ?? 0
    const after = how === 'or' ? before | bits : before & ~bits
    if (after === before) return
    this.#bytes[at] = after
    this.#count += (BITS_OF[after] ?? 0) - (BITS_OF[before] ?? 0)
  }

  #grow(needed: number): void {
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2))
    grown.set(this.#bytes)
    this.#bytes = grown
  }
}

function lowestBitOf(bits: number): number {
  return 31 - Math.clz32(bits & -bits)
}

/** How many bits each byte has. */
const BITS_OF = new Uint8Array(256)
for (let byte = 1; byte < 256; byte++) BITS_OF[byte] = (byte & 1) + (BITS_OF[byte >> 1] ?? 0)
