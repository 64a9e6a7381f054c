import { InvalidParameter } from '../core/errors.ts'

/** Ends the request with INVALID_ARGUMENT, naming the place in the query (`query.filter[2].operator`). */
export function refuse(place: string, reason: string, code = 'ERROR_DB_QUERY'): never {
  throw new InvalidParameter(place, reason, code)
}

/**
 * Passes text that PostgreSQL can hold: no NUL, no half of a surrogate pair, and not absurdly long.
 * Everything of the caller that reaches a statement goes through here first.
 */
export function storableText(text: string, place: string, maxLength = MAX_TEXT_LENGTH): string {
  if (text.length > maxLength)
    refuse(place, `it has ${text.length} characters, at most ${maxLength} are looked at`)
  if (text.includes('\0')) refuse(place, 'it holds a NUL character, which no stored text has')
  if (!text.isWellFormed()) refuse(place, 'it holds half of a surrogate pair, which is no character')
  return text
}

/** Quotes what the caller wrote for a message, shortened. */
export function quote(text: string): string {
  return `'${text.length > 80 ? `${text.slice(0, 80)}…` : text}'`
}

const MAX_TEXT_LENGTH = 65_536
