import { SearchError, type Span } from './search-error.ts'

/**
 * What a sign between field and value asks for. `:` compares as people mean it, `=` exactly, `~` looks
 * inside.
 */
const SIGNS = ['!=', '!~', '>=', '<=', ':', '=', '~', '>', '<'] as const

export type Sign = (typeof SIGNS)[number]

/** A piece of the text. What a sign, comma or `!` means depends on where it stands; the parser decides. */
export type Token = Span &
  (
    | { readonly kind: 'space' | 'plain' | 'quoted' | 'comma' | 'not'; readonly text: string }
    | { readonly kind: 'sign'; readonly text: Sign }
  )

/**
 * Cuts a search text into tokens that cover all of it. Throws `SearchError` where it holds no text or a quote
 * stays open.
 */
export function lex(text: string): readonly Token[] {
  assertReadable(text)
  const tokens: Token[] = []
  for (let start = 0; start < text.length; ) {
    const token = tokenAt(text, start)
    tokens.push(token)
    start = token.end
  }
  return tokens
}

function assertReadable(text: string): void {
  if (text.length > MAX_LENGTH) {
    const rest = { start: MAX_LENGTH, end: MAX_LENGTH + 1 }
    throw new SearchError(text, rest, 'the text is too long', `at most ${MAX_LENGTH} characters are read`)
  }
  const broken = /[\0\p{Surrogate}]/u.exec(text)
  if (broken === null) return
  const what = broken[0] === '\0' ? 'a NUL character' : 'half of a surrogate pair'
  throw new SearchError(text, { start: broken.index, end: broken.index + 1 }, what, 'no stored text has one')
}

function tokenAt(text: string, start: number): Token {
  const spanOf = (length: number) => ({ start, end: start + length })
  const sign = SIGNS.find((each) => text.startsWith(each, start))
  if (sign !== undefined) return { kind: 'sign', text: sign, ...spanOf(sign.length) }
  const first = text.charAt(start)
  if (first === '!') return { kind: 'not', text: first, ...spanOf(1) }
  if (first === ',') return { kind: 'comma', text: first, ...spanOf(1) }
  if (first === '"') return quotedAt(text, start)
  const run = matchAt(SPACE, text, start)
  if (run !== '') return { kind: 'space', text: run, ...spanOf(run.length) }
  const plain = matchAt(PLAIN, text, start)
  return { kind: 'plain', text: plain, ...spanOf(plain.length) }
}

function quotedAt(text: string, start: number): Token {
  const whole = matchAt(QUOTED, text, start)
  if (whole === '') {
    throw new SearchError(
      text,
      { start, end: start + 1 },
      'a quote that is never closed',
      'write " at its end',
    )
  }
  // Only a quote and a backslash are escaped; before anything else a backslash is itself.
  const inside = whole.slice(1, -1).replace(/\\(["\\])/g, '$1')
  return { kind: 'quoted', text: inside, start, end: start + whole.length }
}

function matchAt(pattern: RegExp, text: string, start: number): string {
  pattern.lastIndex = start
  return pattern.exec(text)?.[0] ?? ''
}

const SPACE = /\s+/y
const PLAIN = /[^\s",:=~<>!]+/y
const QUOTED = /"(?:[^"\\]|\\[\s\S])*"/y
const MAX_LENGTH = 4_096
