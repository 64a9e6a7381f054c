/** Cuts what must not be shown out of a text. */
export type Redact = (text: string) => string

/** The same value with every text in it redacted; for values that are known not to nest deeply. */
export function redactStrings<T>(value: T, redact: Redact): T {
  return claimSame<T>(redactAny(value, redact))
}

function redactAny(value: unknown, redact: Redact): unknown {
  if (typeof value === 'string') return redact(value)
  if (Array.isArray(value)) return value.map((item) => redactAny(item, redact))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, redactAny(inner, redact)]))
}

// Texts stay texts and everything else stays what it was.
function claimSame<T>(value: unknown): T {
  return value as T
}
