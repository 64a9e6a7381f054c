import { assertSlot, MAX_SLOT } from './slot-set.ts'

/**
 * Packs the slots that one batch saw. They are sorted, and repeated ones count once. A resource stream
 * repeats in nearly the same order, so most of a batch is runs of neighbours and shrinks to a few bytes.
 *
 * Layout, all numbers as varints of 7 bits, low ones first: how many slots; then for each run of neighbours
 * `gap × 2 + isLong`, where the gap is the number of slots left out since the run before, and for a long run
 * its length less 2.
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

/**
 * Calls back for each run of neighbours of a batch, in ascending order: its first slot, and the one behind
 * its last. Throws RangeError when the bytes are not what `encodeSlots` makes. Slot by slot 100,000 took 3 to
 * 26 ms, since what runs once in a task is hardly ever compiled.
 */
export function forEachRun(bytes: Uint8Array, visit: (first: number, end: number) => void): void {
  const cursor = { bytes, pos: 0 }
  const claimed = readVarint(cursor)
  if (claimed > MAX_SLOT + 1) throw malformed('it claims too many slots')
  let count = 0
  let next = 0
  while (cursor.pos < bytes.length) {
    const head = readVarint(cursor)
    const start = next + Math.floor(head / 2)
    const length = head % 2 === 1 ? readVarint(cursor) + 2 : 1
    next = start + length
    if (next > MAX_SLOT + 1) throw malformed('a slot is out of range')
    count += length
    if (count > claimed) throw malformed('it holds more slots than it claims')
    visit(start, next)
  }
  if (count < claimed) throw malformed('it holds fewer slots than it claims')
}

type Run = { readonly start: number; length: number }

/** By place: an iterator makes an object for each slot. */
function findRuns(sorted: Int32Array): Run[] {
  const runs: Run[] = []
  let run: Run | undefined
  for (let at = 0; at < sorted.length; at++) {
    const slot = sorted[at] ?? 0
    const end = run === undefined ? -1 : run.start + run.length
    if (run !== undefined && slot === end) run.length++
    else if (run === undefined || slot > end) {
      run = { start: slot, length: 1 }
      runs.push(run)
    }
  }
  return runs
}

/**
 * A loop, and no sort of what is in order already: through an iterator this took as long as to hash a third
 * of the messages.
 */
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
