import type { JsonValue } from '@gleaner/sdk'
import { REDACTED } from './redact-text.ts'

/** Makes a copy of any document in which none of these texts is left, also not in a key. */
export type WithoutTexts = <T extends JsonValue>(document: T) => T

/**
 * What is marked in one place may stand unmarked in others, such as a script into which a password was
 * written.
 */
export function withoutTexts(texts: readonly string[]): WithoutTexts {
  if (texts.length === 0) return (document) => document
  const longestFirst = [...new Set(texts)].sort((a, b) => b.length - a.length)
  const pattern = new RegExp(longestFirst.map((text) => RegExp.escape(text)).join('|'), 'g')
  const clean = (text: string) => text.replace(pattern, REDACTED)
  return (document) => asSame(cleanAll(document, clean))
}

function cleanAll(value: JsonValue, clean: (text: string) => string): JsonValue {
  if (typeof value === 'string') return clean(value)
  if (Array.isArray(value)) return value.map((each) => cleanAll(each, clean))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [clean(key), cleanAll(each, clean)]))
}

/** Claims that a document whose texts were replaced is of the kind it was. */
function asSame<T extends JsonValue>(value: JsonValue): T {
  return value as T
}
