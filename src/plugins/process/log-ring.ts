/** Longer lines are cut here, in characters. */
const MAX_LINE = 2_048

/** The last lines a process wrote, within a fixed size. */
export class LogRing {
  readonly #maxLength: number
  readonly #lines: string[] = []
  #length = 0

  constructor(maxLength: number) {
    this.#maxLength = maxLength
  }

  /** Keeps a line, cut to its limit and with control bytes made visible, and returns it so. */
  add(line: string): string {
    const text = escapeControls(line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}…` : line)
    this.#lines.push(text)
    this.#length += text.length + 1
    while (this.#length > this.#maxLength && this.#lines.length > 1) {
      this.#length -= (this.#lines.shift()?.length ?? 0) + 1
    }
    return text
  }

  /** The newest lines, oldest of them first; blank ones are left out. */
  last(count: number): readonly string[] {
    return this.#lines.filter((line) => line.trim() !== '').slice(-count)
  }
}

/**
 * Writes control and direction characters as `\xNN` or `\uNNNN`, so that collected text cannot drive a
 * terminal or forge a log line.
 */
export function escapeControls(text: string): string {
  return text.replace(/\p{Cc}|\p{Cf}|[\u2028\u2029]/gu, (character) => {
    if (character === '\t') return character
    const code = character.codePointAt(0) ?? 0
    const hex = code.toString(16)
    return code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`
  })
}
