/**
 * Makes collected text safe and honest on a terminal: whatever could move the cursor, change colours, reorder
 * or hide text is written as its code, `\x1b` or `\u202e`. Line breaks and tabs are escaped as well, so that
 * a value stays in its cell. A name of a resource is chosen by whoever may create resources, not by whoever
 * reads the inventory.
 */
export function escapeText(text: string): string {
  return text.replace(UNSAFE, (character) => codeOf(character))
}

/** The same for texts of several lines: line breaks and tabs stay what they are. */
export function escapeLines(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(UNSAFE, (character) => {
    return character === '\n' || character === '\t' ? character : codeOf(character)
  })
}

/**
 * Escapes what JSON allows in a string and a terminal may obey (DEL, C1 controls, direction marks), as JSON
 * does: the document means the same afterwards. Outside strings JSON has none of these characters, except
 * line breaks.
 */
export function escapeJson(json: string): string {
  return json.replace(UNSAFE, (character) => {
    if (character < ' ') return character
    return [...utf16Units(character)].map((unit) => `\\u${hex(unit, 4)}`).join('')
  })
}

// C0, DEL, C1; marks of direction, invisible separators and fillers, the byte order mark; half a surrogate
// pair; tag characters, which carry text that nobody sees. The joiners inside emoji and Indic scripts stay.
const UNSAFE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\p{Cs}]/gu

function codeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (code <= 0xff) return `\\x${hex(code, 2)}`
  return code <= 0xffff ? `\\u${hex(code, 4)}` : `\\u{${hex(code, 1)}}`
}

function* utf16Units(text: string): Generator<number> {
  for (let at = 0; at < text.length; at++) yield text.charCodeAt(at)
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0')
}
