const REDACTED = '[secret]'

/** Below this many characters a value is too common a text to be cut out of messages. */
const MIN_LENGTH = 4

export type Redactor = (text: string) => string

/**
 * Makes a function that cuts every string of these credentials out of a text: as they are, line by line (keys
 * are printed over many lines), JSON-escaped, URL-encoded, in hex, and in Base64 at any alignment.
 */
export function createRedactor(secretData: unknown): Redactor {
  const forms = new Set<string>()
  for (const value of stringsIn(secretData)) {
    for (const form of formsOf(value)) if (form.length >= MIN_LENGTH) forms.add(form)
  }
  if (forms.size === 0) return (text) => text
  const longestFirst = [...forms].sort((a, b) => b.length - a.length)
  const pattern = new RegExp(longestFirst.map((form) => RegExp.escape(form)).join('|'), 'g')
  return (text) => text.replace(pattern, REDACTED)
}

/** Walks with a stack of its own, because a hostile document may nest deeper than the call stack. */
function stringsIn(root: unknown): Set<string> {
  const strings = new Set<string>()
  const rest: unknown[] = [root]
  while (rest.length > 0) {
    const value = rest.pop()
    if (typeof value === 'string') strings.add(value)
    else if (value !== null && typeof value === 'object')
      for (const child of Object.values(value)) rest.push(child)
  }
  return strings
}

function formsOf(value: string): string[] {
  if (value.trim().length < MIN_LENGTH) return []
  const lines = value.split(/\r?\n/).map((line) => line.trim())
  const forms: string[] = []
  for (const text of new Set([value, ...lines])) {
    if (text.length < MIN_LENGTH) continue
    forms.push(
      text,
      JSON.stringify(text).slice(1, -1),
      ...urlForms(text),
      ...base64Forms(text),
      ...hexForms(text),
    )
  }
  return forms
}

function urlForms(text: string): string[] {
  const encoded = encodeURIComponent(text.toWellFormed())
  return [encoded, encoded.replaceAll('%20', '+'), encodeURI(text.toWellFormed())]
}

function hexForms(text: string): string[] {
  const hex = Buffer.from(text).toString('hex')
  return [hex, hex.toUpperCase()]
}

/**
 * Inside a longer Base64 text (`user:password`) a value starts at one of three bit positions; the bits it
 * shares with its neighbours are left out.
 */
function base64Forms(text: string): string[] {
  const bytes = Buffer.from(text)
  const forms = [bytes.toString('base64'), bytes.toString('base64url')]
  for (const lead of [0, 1, 2]) {
    const padded = Buffer.concat([Buffer.alloc(lead), bytes])
    const whole = padded.toString('base64').replace(/=+$/, '')
    const from = lead === 0 ? 0 : lead + 1
    const to = padded.length % 3 === 0 ? whole.length : whole.length - 1
    const inner = whole.slice(from, to)
    if (inner.length < 2 * MIN_LENGTH) continue
    forms.push(inner, inner.replaceAll('+', '-').replaceAll('/', '_'))
  }
  return forms
}
