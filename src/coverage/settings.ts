/** How absence is judged. */
export type CoverageSettings = {
  /** Receipts that come sooner after a counted one count no misses. Milliseconds; default 10 minutes. */
  readonly minReceiptSpacingMs: number
  /**
   * Whether a hold ends by itself once three receipts of one epoch have confirmed it over a day; otherwise
   * somebody has to release it. Default false.
   */
  readonly releasesHolds: boolean
  /** Claims that one transaction ends: others wait for its rows some tens of milliseconds. Default 500. */
  readonly claimsAStep: number
}

export const DEFAULT_COVERAGE_SETTINGS: CoverageSettings = {
  minReceiptSpacingMs: 10 * 60_000,
  releasesHolds: false,
  claimsAStep: 500,
}

/**
 * How a receipt came about: the plugin said what it read completely, or its stream merely ended without an
 * error.
 */
export type Grade = 'declared' | 'derived'

/**
 * Receipts in a row that must miss a claim before it ends. A public plugin may swallow an error once or
 * twice.
 */
export const MISSES_NEEDED: Readonly<Record<Grade, number>> = { declared: 2, derived: 3 }

/**
 * The newest receipts of an epoch are looked through for those that missed a claim; older ones are no proof
 * of an end.
 */
export const RECEIPTS_LOOKED_THROUGH = 100

/** As far as misses are counted. */
export const MAX_MISSES = 3
