import { assertSlot, MAX_SLOT } from './slot-set.ts'

/**
 * Packs the slots that one batch saw. They are sorted, and repeated ones count once. A resource stream repeats in
 * nearly the same order, so most of a batch is runs of neighbours and shrinks to a few bytes.
 *
 * Layout, all numbers as varints of 7 bits, low ones first: how many slots; then for each run of neighbours
 * `gap × 2 + isLong`, where the gap is the number of slots left out since the run before, and for a long run its
 * length less 2.
 */
export function encodeSlots(slots: ArrayLike<number>): Buffer {
  const sorted = toSorted(slots)
  const bytes: number[] = []
  const runs = findRuns(sorted)
  writeVarint(
    bytes,
    runs.reduce((sum, run) => sum + run.length, 0),
  )
  let next = 0
  for (const run of runs) {
    const isLong = run.length > 1
    writeVarint(bytes, (run.start - next) * 2 + (isLong ? 1 : 0))
    if (isLong) writeVarint(bytes, run.length - 2)
    next = run.start + run.length
  }
  return Buffer.from(bytes)
}

/** The slots of a batch, ascending. Throws RangeError when the bytes are not what `encodeSlots` makes. */
export function decodeSlots(bytes: Uint8Array): Int32Array {
  const cursor = { bytes, pos: 0 }
  const count = readVarint(cursor)
  if (count > MAX_SLOT + 1) throw malformed('it claims too many slots')
  const slots = new GrowingSlots(count)
  let next = 0
  while (cursor.pos < bytes.length) {
    const head = readVarint(cursor)
    const start = next + Math.floor(head / 2)
    const length = head % 2 === 1 ? readVarint(cursor) + 2 : 1
    next = start + length
    if (next > MAX_SLOT + 1) throw malformed('a slot is out of range')
    slots.addRun(start, length)
  }
  return slots.finish()
}

type Run = { readonly start: number; length: number }

function findRuns(sorted: Int32Array): Run[] {
  const runs: Run[] = []
  let run: Run | undefined
  for (const slot of sorted) {
    const end = run === undefined ? -1 : run.start + run.length
    if (run !== undefined && slot === end) run.length++
    else if (run === undefined || slot > end) {
      run = { start: slot, length: 1 }
      runs.push(run)
    }
  }
  return runs
}

/** Grows with the runs that really come, so that a corrupt count reserves nothing. */
class GrowingSlots {
  readonly #claimed: number
  #slots = new Int32Array(64)
  #length = 0

  constructor(claimed: number) {
    this.#claimed = claimed
  }

  addRun(start: number, length: number): void {
    const end = this.#length + length
    if (end > this.#claimed) throw malformed('it holds more slots than it claims')
    if (end > this.#slots.length) {
      const grown = new Int32Array(Math.max(end, this.#slots.length * 2))
      grown.set(this.#slots)
      this.#slots = grown
    }
    for (let index = 0; index < length; index++) this.#slots[this.#length + index] = start + index
    this.#length = end
  }

  finish(): Int32Array {
    if (this.#length !== this.#claimed) throw malformed('it holds fewer slots than it claims')
    return this.#slots.slice(0, this.#length)
  }
}

/** A loop, and no sort of what is in order already: through an iterator this took as long as to hash a third of the messages. */
function toSorted(slots: ArrayLike<number>): Int32Array {
  const sorted = new Int32Array(slots.length)
  let last = -1
  let isSorted = true
  for (let at = 0; at < slots.length; at++) {
    const slot = slots[at] ?? -1
    assertSlot(slot)
    if (slot < last) isSorted = false
    last = slot
    sorted[at] = slot
  }
  return isSorted ? sorted : sorted.sort()
}

function writeVarint(bytes: number[], value: number): void {
  let rest = value
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80)
  bytes.push(rest)
}

/** At most four bytes: 28 bits hold twice the largest slot and a mark. */
function readVarint(cursor: { readonly bytes: Uint8Array; pos: number }): number {
  let value = 0
  for (let shift = 0; shift < 28; shift += 7) {
    const byte = cursor.bytes[cursor.pos++]
    if (byte === undefined) throw malformed('it is cut short')
    value |= (byte & 0x7f) << shift
    if (byte < 0x80) return value
  }
  throw malformed('a number is too long')
}

function malformed(why: string): RangeError {
  return new RangeError(`stored slots cannot be read: ${why}`)
}
