import type { RequestLimits } from '../limits.ts'
import { MalformedRequest } from '../malformed-request.ts'

/**
 * Checks a JSON text before `JSON.parse` sees it: grammar, depth, number of keys, keys that stand twice,
 * U+0000. One pass with a stack of its own. JSON.parse alone would accept a million levels, keep the last of
 * two equal keys, and repeat parts of the text, secrets included, in its errors; ours name the position only.
 */
export function assertJsonText(text: string, limits: RequestLimits): void {
  new Scanner(text, limits).scan()
}

/** An object or array whose end has not come yet; only objects have keys. */
type Open = { readonly end: '}' | ']'; readonly keys?: Set<string> }

/** What the grammar allows next, in the words of the error that says something else came. */
type Expected =
  | 'a value'
  | 'a value or the end'
  | 'a key in double quotes'
  | 'a key or the end'
  | "':'"
  | "',' or the end"
  | 'nothing more'

const SPACE = /[ \t\n\r]*/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these inside a text.
const PLAIN_TEXT = /[^"\\\u0000-\u001f]*/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y
const SCALAR = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null/y

class Scanner {
  static readonly #steps: Record<Expected, (scanner: Scanner, char: string) => void> = {
    'a value': (scanner, char) => scanner.#readValue(char),
    'a value or the end': (scanner, char) => scanner.#readValue(char),
    'a key in double quotes': (scanner, char) => scanner.#readKey(char),
    'a key or the end': (scanner, char) => scanner.#readKey(char),
    "':'": (scanner, char) => scanner.#readColon(char),
    "',' or the end": (scanner, char) => scanner.#readComma(char),
    'nothing more': (scanner) => scanner.#failGrammar(),
  }

  readonly #text: string
  readonly #limits: RequestLimits
  readonly #open: Open[] = []
  #at = 0
  #keys = 0
  #expected: Expected = 'a value'

  constructor(text: string, limits: RequestLimits) {
    this.#text = text
    this.#limits = limits
  }

  scan(): void {
    for (;;) {
      this.#skip(SPACE)
      const char = this.#text[this.#at]
      if (char === undefined) break
      if (char === this.#open.at(-1)?.end && this.#expected.endsWith('or the end')) this.#close()
      else Scanner.#steps[this.#expected](this, char)
    }
    if (this.#expected !== 'nothing more') this.#failGrammar()
  }

  #readValue(char: string): void {
    if (char === '{') {
      this.#enter({ end: '}', keys: new Set() }, 'a key or the end')
    } else if (char === '[') {
      this.#enter({ end: ']' }, 'a value or the end')
    } else {
      if (char === '"') this.#skipText()
      else if (!this.#skip(SCALAR)) this.#failGrammar()
      this.#endValue()
    }
  }

  #enter(open: Open, expected: Expected): void {
    if (this.#open.length >= this.#limits.maxDepth) {
      this.#fail(`is nested deeper than ${this.#limits.maxDepth} levels`)
    }
    this.#open.push(open)
    this.#punctuation(expected)
  }

  #close(): void {
    this.#open.pop()
    this.#at += 1
    this.#endValue()
  }

  #endValue(): void {
    this.#expected = this.#open.length === 0 ? 'nothing more' : "',' or the end"
  }

  #punctuation(expected: Expected): void {
    this.#at += 1
    this.#expected = expected
  }

  #readKey(char: string): void {
    if (char !== '"') this.#failGrammar()
    const start = this.#at
    this.#skipText()
    const quoted = this.#text.slice(start, this.#at)
    const key = quoted.includes('\\') ? String(JSON.parse(quoted)) : quoted.slice(1, -1)
    const seen = this.#open.at(-1)?.keys
    if (seen?.has(key)) this.#fail('holds a key twice in one object,', start)
    seen?.add(key)
    this.#keys += 1
    if (this.#keys > this.#limits.maxKeys) this.#fail(`holds more than ${this.#limits.maxKeys} keys,`, start)
    this.#expected = "':'"
  }

  #readColon(char: string): void {
    if (char !== ':') this.#failGrammar()
    this.#punctuation('a value')
  }

  #readComma(char: string): void {
    if (char !== ',') this.#failGrammar()
    this.#punctuation(this.#open.at(-1)?.keys ? 'a key in double quotes' : 'a value')
  }

  #skipText(): void {
    this.#at += 1
    for (;;) {
      this.#skip(PLAIN_TEXT)
      const char = this.#text[this.#at]
      if (char === '"') break
      if (char !== '\\') {
        this.#fail('is not valid JSON: a text is not closed or holds a raw control character')
      }
      if (this.#text.startsWith('\\u0000', this.#at))
        this.#fail('holds the character U+0000, which cannot be stored,')
      if (!this.#skip(ESCAPE)) this.#fail('is not valid JSON: unknown escape')
    }
    this.#at += 1
  }

  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at
    if (!pattern.test(this.#text)) return false
    this.#at = pattern.lastIndex
    return true
  }

  #failGrammar(): never {
    const end = this.#open.at(-1)?.end
    this.#fail(`is not valid JSON: expected ${this.#expected.replace('the end', `'${end}'`)}`)
  }

  #fail(what: string, position = this.#at): never {
    const before = this.#text.slice(0, position)
    const line = before.split('\n').length
    const column = position - before.lastIndexOf('\n')
    throw new MalformedRequest(`the request body ${what} at line ${line}, column ${column}`)
  }
}
