import { lex, type Sign, type Token } from './lex.ts'
import { SearchError, type Span } from './search-error.ts'

/** One thing that must hold for what is found. */
export type Term = Word | Condition

/** Text to be found anywhere. */
export type Word = Span & { readonly kind: 'word'; readonly text: string; readonly isNegated: boolean }

/** A field, how it is compared, and with what; several values mean any of them. */
export type Condition = Span & {
  readonly kind: 'condition'
  readonly field: Span & { readonly text: string }
  /** The sign without its negation, which is in `isNegated`. */
  readonly sign: Exclude<Sign, '!=' | '!~'>
  readonly values: readonly SearchValue[]
  readonly isNegated: boolean
}

export type SearchValue = Span & { readonly text: string; readonly isQuoted: boolean }

/**
 * Reads a search text:
 *
 *     text      = { term }                        separated by spaces; all must hold
 *     term      = [ "!" ] ( word | condition )
 *     condition = field sign value { "," value }
 *     sign      = ":" "=" "!=" "~" "!~" ">" ">=" "<" "<="
 *
 * Words, fields and values may hold quoted parts, in which no sign means anything.
 */
export function parse(text: string): readonly Term[] {
  return splitAt('space', lex(text))
    .filter((tokens) => tokens.length > 0)
    .map((tokens) => parseTerm(text, tokens))
}

function parseTerm(text: string, tokens: readonly Token[]): Term {
  const start = tokens.findIndex(({ kind }) => kind !== 'not')
  if (start === -1) throw new SearchError(text, spanOf(tokens), `nothing to negate behind '!'`)
  const isNegated = start % 2 === 1
  const rest = tokens.slice(start)
  const signAt = rest.findIndex(({ kind }) => kind === 'sign')
  const sign = rest[signAt]
  if (sign?.kind !== 'sign') return parseWord(text, rest, isNegated)
  if (signAt === 0) {
    const advice = 'write one, or quote the text to look for these characters'
    throw new SearchError(text, sign, `no field before '${sign.text}'`, advice)
  }
  const field = { text: textOf(rest.slice(0, signAt)), ...spanOf(rest.slice(0, signAt)) }
  const values = parseValues(text, { field: field.text, sign, tokens: rest.slice(signAt + 1) })
  const isUnlike = sign.text === '!=' || sign.text === '!~'
  return {
    kind: 'condition',
    field,
    sign: positive(sign.text),
    values,
    isNegated: isNegated !== isUnlike,
    ...spanOf(tokens),
  }
}

// Other languages join terms with these words; here they would quietly be looked for.
function parseWord(text: string, tokens: readonly Token[], isNegated: boolean): Word {
  const word = textOf(tokens)
  const advice = tokens.some(({ kind }) => kind === 'quoted') ? undefined : JOINING_WORDS.get(word)
  if (advice !== undefined) {
    throw new SearchError(text, spanOf(tokens), `${word} does not join terms here`, `${advice}, or "${word}"`)
  }
  return { kind: 'word', text: word, isNegated, ...spanOf(tokens) }
}

function parseValues(
  text: string,
  {
    field,
    sign,
    tokens,
  }: { readonly field: string; readonly sign: Token; readonly tokens: readonly Token[] },
): readonly SearchValue[] {
  // What comes before each value, so that a missing one has a place to point at.
  const before = [sign, ...tokens.filter(({ kind }) => kind === 'comma')]
  return splitAt('comma', tokens).map((parts, at) => {
    const [first] = parts
    if (first === undefined) {
      const advice = `write it without a space, or "" for an empty one`
      throw new SearchError(
        text,
        before[at] ?? sign,
        `no value behind '${(before[at] ?? sign).text}'`,
        advice,
      )
    }
    if (first.kind === 'not') {
      const rest = textOf(parts.slice(1))
      throw new SearchError(
        text,
        first,
        `'!' before a value`,
        `write !${field}${sign.text}${rest}, or quote it`,
      )
    }
    if (first.kind === 'sign') {
      const advice = `write one sign between field and value, or quote the value`
      throw new SearchError(text, first, `a second sign '${first.text}'`, advice)
    }
    return { text: textOf(parts), isQuoted: parts.some(({ kind }) => kind === 'quoted'), ...spanOf(parts) }
  })
}

function splitAt(kind: Token['kind'], tokens: readonly Token[]): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]]
  for (const token of tokens) {
    if (token.kind === kind) parts.push([])
    else parts.at(-1)?.push(token)
  }
  return parts
}

function positive(sign: Sign): Condition['sign'] {
  if (sign === '!=') return '='
  return sign === '!~' ? '~' : sign
}

function textOf(tokens: readonly Token[]): string {
  return tokens.map(({ text }) => text).join('')
}

function spanOf(tokens: readonly Token[]): Span {
  return { start: tokens[0]?.start ?? 0, end: tokens.at(-1)?.end ?? 0 }
}

const JOINING_WORDS: ReadonlyMap<string, string> = new Map([
  ['AND', 'leave it out, all terms must hold'],
  ['OR', 'write field:a,b for one of several values'],
  ['NOT', 'write ! before a term'],
])
