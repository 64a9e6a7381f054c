import { GleanerError } from '../../core/errors.ts'

/** A part of the text, in UTF-16 units: from `start` up to, not including, `end`. */
export type Span = { readonly start: number; readonly end: number }

/**
 * What somebody typed cannot be read. The message names the place in words and shows it: the text, and below
 * it a line of carets. `position` and `length` count characters (code points), the position from 1.
 */
export class SearchError extends GleanerError {
  readonly position: number
  readonly length: number

  constructor(text: string, span: Span, problem: string, advice?: string) {
    const position = [...text.slice(0, span.start)].length + 1
    const length = Math.max([...text.slice(span.start, span.end)].length, 1)
    const words = `${problem} at character ${position}${advice === undefined ? '' : `; ${advice}`}`
    super('invalid', 'ERROR_SEARCH_SYNTAX', `${words}\n${pointAt(text, position, length)}`)
    this.position = position
    this.length = length
  }
}

// Of a long text only what is around the place is shown.
function pointAt(text: string, position: number, length: number): string {
  const characters = [...text].map(onOneLine)
  const at = position - 1
  const first = at > CONTEXT ? at - CONTEXT : 0
  const last = Math.min(at + length, at + CONTEXT)
  const before = characters.slice(first, at)
  const marked = characters.slice(at, last)
  const after = characters.slice(last, last + CONTEXT)
  const cut = { left: first > 0 ? '…' : '', right: last + CONTEXT < characters.length ? '…' : '' }
  const indent = [...cut.left, ...before].map((each) => (isWide(each) ? WIDE_SPACE : ' ')).join('')
  const carets = marked.map((each) => (isWide(each) ? '^^' : '^')).join('')
  return `  ${cut.left}${before.join('')}${marked.join('')}${after.join('')}${cut.right}\n  ${indent}${carets || '^'}`
}

// What takes no column, or moves to another place, would shift the carets.
function onOneLine(character: string): string {
  if (/\s/.test(character)) return ' '
  return /[\p{C}\p{M}]/u.test(character) ? '·' : character
}

function isWide(character: string): boolean {
  return /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}]/u.test(
    character,
  )
}

const CONTEXT = 100
/** As wide as an ideograph. */
const WIDE_SPACE = '\u3000'
