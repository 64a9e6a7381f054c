const SLOTS = 2048
const MAX_LENGTH = 32

/**
 * Remembers short ASCII strings by their bytes. Map keys repeat in every resource of a stream, and the string
 * that is already there, known to the engine as a property name, costs a third of making it again.
 *
 * One place for each hash, the latest string wins: 64 KiB of bytes and 2,048 strings, whatever a plugin
 * sends.
 */
export class ShortTextCache {
  static readonly MAX_LENGTH = MAX_LENGTH
  readonly #bytes = new Uint8Array(SLOTS * MAX_LENGTH)
  readonly #texts: string[] = new Array<string>(SLOTS).fill('')

  /** The string with these bytes, if it was kept and not replaced since. */
  find(source: Uint8Array, start: number, length: number): string | undefined {
    const slot = slotOf(source, start, length)
    const text = this.#texts[slot]
    if (text === undefined || text.length !== length) return undefined
    const base = slot * MAX_LENGTH
    for (let index = 0; index < length; index++) {
      if (this.#bytes[base + index] !== source[start + index]) return undefined
    }
    return text
  }

  /** Keeps a string whose characters are these bytes, one for one; the caller vouches that it is ASCII. */
  keep(source: Uint8Array, start: number, length: number, text: string): void {
    const slot = slotOf(source, start, length)
    this.#bytes.set(source.subarray(start, start + length), slot * MAX_LENGTH)
    this.#texts[slot] = text
  }
}

function slotOf(source: Uint8Array, start: number, length: number): number {
  let hash = length
  for (let pos = start; pos < start + length; pos++) hash = (Math.imul(hash, 31) + (source[pos] ?? 0)) | 0
  return (hash ^ (hash >>> 15)) & (SLOTS - 1)
}
