import { GleanerError } from '../../core/errors.ts'

/** Why message bytes were refused. The words are stable: tests, counters and error entries use them. */
export type DecodeReason =
  | 'truncated'
  | 'bad_varint'
  | 'bad_tag'
  | 'bad_group'
  | 'bad_utf8'
  | 'nul_character'
  | 'lone_surrogate'
  | 'not_finite'
  | 'too_deep'
  | 'too_many_values'
  | 'string_too_long'

/** Refused message bytes. It names the reason and where it was met, and never carries what was there. */
export class DecodeError extends GleanerError {
  readonly reason: DecodeReason
  /** Dotted path inside the message, as far as it was known; empty at the top. */
  readonly path: string

  constructor(reason: DecodeReason, path = '') {
    const where = path === '' ? '' : ` at '${path}'`
    super('invalid', 'ERROR_INVALID_RESOURCE', `message cannot be decoded${where}: ${EXPLANATIONS[reason]}`)
    this.reason = reason
    this.path = path
  }
}

/** One clause for each reason, in the words an operator can act on. */
export const EXPLANATIONS: Readonly<Record<DecodeReason, string>> = {
  truncated: 'it ends in the middle of a field',
  bad_varint: 'a number takes more than ten bytes',
  bad_tag: 'a field has an impossible number or type',
  bad_group: 'a group is not closed by its own end mark',
  bad_utf8: 'a string is not valid UTF-8',
  nul_character: 'a string contains the character U+0000, which the database cannot store',
  lone_surrogate: 'a string contains half of a surrogate pair, which is no text',
  not_finite: 'a number is NaN or infinite, which JSON cannot hold',
  too_deep: 'it nests deeper than the limit',
  too_many_values: 'it holds more values than the limit',
  string_too_long: 'a string is longer than the limit',
}

const MAX_PATH_LENGTH = 200

/**
 * Joins keys and list positions into a path fit for a message: no control characters, a bounded length. A
 * last step without a name, such as a key that could not be read, is left out.
 */
export function toPath(steps: readonly (string | number)[]): string {
  let path = ''
  for (const step of steps.at(-1) === '' ? steps.slice(0, -1) : steps) {
    path += path === '' ? step : `.${step}`
    if (path.length > MAX_PATH_LENGTH) return `${printable(path.slice(0, MAX_PATH_LENGTH))}…`
  }
  return printable(path)
}

function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '�').toWellFormed()
}
