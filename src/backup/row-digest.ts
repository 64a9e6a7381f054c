import { hash } from 'node:crypto'

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1')
/** Behind the signature: flags, and the length of what extends the header. */
const HEADER_BYTES = SIGNATURE.length + 8
const NULL = -1
const TRAILER = -1
const LANES = 8

/**
 * What rows there are, whatever their order: how many, and the sum of the SHA-256 of each, in eight words of 32 bits. It takes what
 * `copy … with (format binary)` sends, in pieces that end anywhere.
 */
export class RowDigest {
  rows = 0
  readonly #sums = new Uint32Array(LANES)
  #rest: Buffer = Buffer.alloc(0)
  #isBegun = false
  #isEnded = false

  /** Throws when these are no rows. */
  update(piece: Uint8Array): void {
    const given = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
    const bytes = this.#rest.length === 0 ? given : Buffer.concat([this.#rest, given])
    let at = 0
    if (!this.#isBegun && bytes.length >= HEADER_BYTES) {
      if (!bytes.subarray(0, SIGNATURE.length).equals(SIGNATURE))
        throw new Error('these are no rows of a table')
      at = HEADER_BYTES
      this.#isBegun = true
    }
    while (this.#isBegun && !this.#isEnded) {
      const end = endOfRow(bytes, at)
      if (end === undefined) break
      this.#isEnded = bytes.readInt16BE(at) === TRAILER
      if (!this.#isEnded) this.#add(bytes.subarray(at, end))
      at = end
    }
    if (this.#isEnded && at < bytes.length) throw new Error('there is something behind the last row')
    this.#rest = bytes.subarray(at)
  }

  /** The sum in hex, after the last piece. Throws when rows are missing behind it. */
  digest(): string {
    if (!this.#isEnded) throw new Error('the rows end in the middle')
    return [...this.#sums].map((sum) => sum.toString(16).padStart(8, '0')).join('')
  }

  #add(row: Buffer): void {
    const of = hash('sha256', row, 'buffer')
    for (let lane = 0; lane < LANES; lane++)
      this.#sums[lane] = (this.#sums[lane] ?? 0) + of.readUInt32BE(lane * 4)
    this.rows++
  }
}

/** Where the row that begins here ends; undefined while it is not all there. */
function endOfRow(bytes: Buffer, start: number): number | undefined {
  if (start + 2 > bytes.length) return undefined
  let at = start + 2
  for (let field = bytes.readInt16BE(start); field > 0; field--) {
    if (at + 4 > bytes.length) return undefined
    const length = bytes.readInt32BE(at)
    if (length < NULL) throw new Error('these are no rows of a table')
    at += 4 + Math.max(0, length)
  }
  return at > bytes.length ? undefined : at
}
