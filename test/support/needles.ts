/**
 * How a text looks in the encodings that data usually travel in, as bytes. In Base64 it looks different at
 * each of three positions in a longer text; what it shares with its neighbours is left out.
 */
export function needlesOf(text: string): readonly { readonly encoding: string; readonly bytes: Buffer }[] {
  const bytes = Buffer.from(text)
  const url = encodeURIComponent(text)
  const forms: Record<string, string> = {
    plain: text,
    'lower hex': bytes.toString('hex'),
    'upper hex': bytes.toString('hex').toUpperCase(),
    url,
    'lower url': url.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    json: JSON.stringify(text).slice(1, -1),
    'json, all escaped': [...text]
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  }
  for (const lead of [0, 1, 2]) {
    const whole = Buffer.concat([Buffer.alloc(lead), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const isCut = (lead + bytes.length) % 3 !== 0
    const inner = whole.slice(lead === 0 ? 0 : lead + 1, isCut ? -1 : undefined)
    forms[`base64 at ${lead}`] = inner
    forms[`base64url at ${lead}`] = inner.replaceAll('+', '-').replaceAll('/', '_')
  }
  const seen = new Map(Object.entries(forms).map(([encoding, form]) => [form, encoding]))
  return [...seen].map(([form, encoding]) => ({ encoding, bytes: Buffer.from(form) }))
}
