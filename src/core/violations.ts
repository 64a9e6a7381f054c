import { GleanerError } from './errors.ts'

/**
 * Throws when there is anything to complain about. One complaint is thrown as it is; several become one error of
 * the first one's code that names them all, so that a caller can fix everything at once.
 */
export function assertNoViolations(violations: readonly GleanerError[]): void {
  const [first, ...others] = violations
  if (first === undefined) return
  if (others.length === 0) throw first
  throw new GleanerError('invalid', first.code, violations.map((violation) => violation.message).join('; '))
}
