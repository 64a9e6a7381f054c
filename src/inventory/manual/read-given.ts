import { GleanerError, InvalidParameter } from '../../core/errors.ts'
import { assertNoViolations } from '../../core/violations.ts'
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
 * Reads what a caller gave by the rules that hold for plugins: the same limits, and nothing that the database
 * cannot store. Throws INVALID_ARGUMENT naming every field that is wrong.
 */
export function readGiven<T>(given: Given, read: (fields: FieldReader) => T): T {
  const unstorable = findProblem(given, DEFAULT_DECODE_LIMITS)
  if (unstorable !== undefined) throw new InvalidParameter(unstorable.path, EXPLANATIONS[unstorable.reason])
  const fields = new FieldReader(given)
  const result = read(fields)
  assertNoViolations(fields.problems.map(({ code, message }) => new GleanerError('invalid', code, message)))
  return result
}
