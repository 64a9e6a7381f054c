import { type GleanerError, InvalidParameter } from '../core/errors.ts'

/** What speaks against a priority. */
export function priorityViolations(priority: number): GleanerError[] {
  if (Number.isInteger(priority) && priority >= 0 && priority <= 99) return []
  return [new InvalidParameter('priority', `${priority} is not a whole number from 0 to 99`)]
}
