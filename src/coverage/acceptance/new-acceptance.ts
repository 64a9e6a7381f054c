import { type GleanerError, InvalidParameter, RequiredParameter } from '../../core/errors.ts'
import { tooLong } from '../../core/field-violations.ts'
import { assertNoViolations } from '../../core/violations.ts'
import { FAILURE_CLASSES, type FailureClass } from '../../inventory/index.ts'
import { parseRelativeTime, parseTimestamp } from '../../query/index.ts'
import { assertNames } from '../assert-names.ts'
import { type CellName, nameFields } from '../cells.ts'

/** What somebody asks to accept. */
export type AcceptInput = {
  readonly domainId: string
  readonly collectorId: string
  /** '' for any. */
  readonly secretId: string
  /** Which cells; an empty field names any. */
  readonly name: CellName
  readonly classes: readonly string[]
  readonly reason: string
  /** A date, an instant, or relative as `now+90d`; '' for as long as nobody ends it. */
  readonly until: string
}

export type NewAcceptance = Omit<AcceptInput, 'classes' | 'until'> & {
  readonly classes: readonly FailureClass[]
  readonly until: Date | undefined
}

const MAX_REASON = 1_000

/**
 * Throws when nothing can be meant by it. Whether its time is over already only the clock of the database can
 * tell. Pure.
 */
export function parseAcceptance(input: AcceptInput, now: Date): NewAcceptance {
  const { collectorId, secretId, name, reason } = input
  assertNoViolations([
    ...(collectorId === '' ? [new RequiredParameter('collector_id')] : []),
    ...(reason.trim() === '' ? [new RequiredParameter('reason')] : tooLong('reason', reason, MAX_REASON)),
  ])
  assertNames({ collector_id: collectorId, secret_id: secretId, ...nameFields(name) })
  const classes = [...new Set(input.classes.map(parseClass))]
  return { ...input, reason: reason.trim(), classes, until: parseUntil(input.until, now) }
}

function parseClass(text: string): FailureClass {
  const found = FAILURE_CLASSES.find((each) => each === text)
  if (found !== undefined) return found
  throw new InvalidParameter('classes', `'${text.slice(0, 50)}' is none of ${FAILURE_CLASSES.join(', ')}`)
}

function parseUntil(text: string, now: Date): Date | undefined {
  if (text === '') return undefined
  const until = parseRelativeTime(text, now) ?? parseTimestamp(text)
  if (until !== undefined) return until
  throw new InvalidParameter(
    'until',
    `'${text.slice(0, 50)}' is no instant; write a date or a time in ISO 8601, or relative to now, as now+90d`,
  )
}

/** An end that has passed already. */
export function isOver(until: Date): GleanerError {
  const why = `${until.toISOString()} has passed, so that nothing would be accepted. Name a later time, or leave it out`
  return new InvalidParameter('until', why)
}
