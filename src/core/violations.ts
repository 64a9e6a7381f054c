import { type ErrorKind, GleanerError } from './errors.ts'

/**
 * Throws when there is anything to complain about. One complaint is thrown as it is; several become one error
 * of the first one's code that names them all, so that a caller can fix everything at once.
 */
export function assertNoViolations(violations: readonly GleanerError[]): void {
  const [first, ...others] = violations
  if (first === undefined) return
  if (others.length === 0) throw first
  throw new GleanerError('invalid', first.code, violations.map((violation) => violation.message).join('; '))
}

/** A value, or what speaks against it. */
type Checked<T> =
  | { readonly isGood: true; readonly value: T; readonly violations: readonly [] }
  | { readonly isGood: false; readonly violation: GleanerError; readonly violations: readonly GleanerError[] }

const CALLERS_OWN: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  'invalid',
  'not_found',
  'failed_precondition',
])

/**
 * Runs a check that throws, so that its complaint can stand beside others; what is no complaint is thrown.
 */
export async function checked<T>(check: () => T | Promise<T>): Promise<Checked<T>> {
  try {
    return { isGood: true, value: await check(), violations: [] }
  } catch (thrown) {
    if (!(thrown instanceof GleanerError) || !CALLERS_OWN.has(thrown.kind)) throw thrown
    return { isGood: false, violation: thrown, violations: [thrown] }
  }
}
