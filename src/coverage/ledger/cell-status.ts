import type { FailureClass } from '../../inventory/index.ts'
import { formatAge } from './max-age.ts'
import { type Unwatched, whyUnwatched } from './why-unwatched.ts'

export const CELL_STATES = ['complete', 'stale', 'partial', 'unknown', 'held'] as const
export type CellState = (typeof CELL_STATES)[number]

/** A failure that concerns a cell. */
export type CellFailure = {
  readonly class: FailureClass
  readonly message: string
  readonly jobId: string
  readonly taskSeq: number
}

/** What decides how complete a cell is. Sequences order runs, never a clock. */
type CellFacts = Unwatched & {
  readonly claims: number
  readonly unknown: number
  readonly held: number
  /** Sequence of the newest receipt that covers it. */
  readonly receiptSeq: number | undefined
  /** Sequence of the newest ended run that meant to read everything. */
  readonly newestSeq: number | undefined
  readonly isDisabled: boolean
  /**
   * Nothing of its whole kind was seen since the plugin version or the secret changed, under the same
   * options.
   */
  readonly isKindVanished: boolean
  readonly failure: CellFailure | undefined
  /** How long ago that receipt was earned, and how long it may be, milliseconds. */
  readonly ageMs: number
  readonly maxAgeMs: number
}

export type CellStatus = {
  readonly state: CellState
  readonly reason: string
  /**
   * It is not complete because the newest run did not list it completely, so that what failed there is the
   * cause.
   */
  readonly isUnlisted: boolean
}

/**
 * How complete a cell is, and why it is not. Says `complete` only where the newest run that meant to read
 * everything has listed it completely, not too long ago, and nothing in it is in doubt. Pure.
 */
export function cellStatus(facts: CellFacts): CellStatus {
  return { isUnlisted: false, ...judge(facts) }
}

function judge(facts: CellFacts): Omit<CellStatus, 'isUnlisted'> & Partial<CellStatus> {
  const { held, unknown, claims, receiptSeq, newestSeq, failure } = facts
  if (held > 0) return { state: 'held', reason: `${held} of ${claims} wait for a decision: see its hold` }
  const unwatched = whyUnwatched(facts)
  if (unwatched !== '') return { state: 'unknown', reason: unwatched }
  if (receiptSeq === undefined)
    return {
      state: 'unknown',
      reason: `it was never listed completely${because(failure)}`,
      isUnlisted: true,
    }
  if (newestSeq !== undefined && newestSeq > receiptSeq)
    return {
      state: 'partial',
      reason: `the newest run did not list it completely${because(failure)}`,
      isUnlisted: true,
    }
  if (facts.isDisabled)
    return { state: 'partial', reason: 'its collector is disabled, so what happened since is not known' }
  if (unknown > 0 && facts.isKindVanished) {
    const since = 'nothing of its kind was seen since the plugin version or the secret changed'
    return { state: 'unknown', reason: `no longer reported: ${since}` }
  }
  if (unknown > 0) {
    const state = unknown === claims ? 'unknown' : 'partial'
    return { state, reason: `inputs changed: ${unknown} of ${claims} were not seen since` }
  }
  const { ageMs, maxAgeMs } = facts
  if (ageMs > maxAgeMs) {
    const reason = `it was last listed completely ${formatAge(ageMs)} ago, and may be ${formatAge(maxAgeMs)} old`
    return { state: 'stale', reason }
  }
  return { state: 'complete', reason: '' }
}

function because(failure: CellFailure | undefined): string {
  return failure === undefined ? '' : ` (${failure.class}: ${failure.message})`
}
