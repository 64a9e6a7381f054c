import { GleanerError, InvalidParameter } from '../../core/errors.ts'
import {
  DEFAULT_DECODE_LIMITS,
  EXPLANATIONS,
  FieldReader,
  findProblem,
  type JsonObject,
} from '../decode/index.ts'

/** Fields of a request in the contract's names, as far as the caller gave them. */
export type Given = JsonObject

/**
 * Reads what a caller gave by the rules that hold for plugins: the same limits, and nothing that the database cannot
 * store. Throws INVALID_ARGUMENT naming the field.
 */
export function readGiven<T>(given: Given, read: (fields: FieldReader) => T): T {
  const unstorable = findProblem(given, DEFAULT_DECODE_LIMITS)
  if (unstorable !== undefined) throw new InvalidParameter(unstorable.path, EXPLANATIONS[unstorable.reason])
  const fields = new FieldReader(given)
  const result = read(fields)
  if (fields.problem === undefined) return result
  const { code, message } = fields.problem
  throw new GleanerError('invalid', code, `${message}; nothing was written`)
}
