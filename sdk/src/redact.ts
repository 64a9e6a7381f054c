export type Redact = (text: string) => string

/**
 * Shorter values are left alone: blanking every `1` or `eu` would make a message unreadable and protect
 * nothing.
 */
const SHORTEST = 4

/**
 * Builds a function that blanks every value of an opened secret out of a text. Messages of cloud libraries
 * quote request URLs and headers, so this is the last wall before an error or a log line leaves the process.
 */
export function redactorFor(secretData: unknown): Redact {
  const values = [...new Set(stringsIn(secretData))]
    .filter((value) => value.length >= SHORTEST)
    .sort((a, b) => b.length - a.length)
  return (text) => values.reduce((blanked, value) => blanked.replaceAll(value, '[secret]'), text)
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(stringsIn)
}
