import { isObject } from './api-error.ts'

/** How complete an answer is: what the header of a list says. */
export type Coverage = {
  readonly complete: boolean
  readonly complete_count: number
  readonly total_count: number
  readonly accepted_count: number
  readonly complete_or_accepted: boolean
  readonly oldest_evidence_at: string
  /** The first of the cells that are not complete. */
  readonly incomplete: readonly IncompleteCell[]
}

export type IncompleteCell = {
  readonly collector_id: string
  readonly provider: string
  readonly cloud_service_group: string
  readonly cloud_service_type: string
  readonly account: string
  readonly region_code: string
  readonly state: string
  readonly reason: string
  /** Absent where nobody accepts it. */
  readonly accepted?: boolean
}

/** Reads the header; undefined where the server said nothing. */
export function toCoverage(header: string | null): Coverage | undefined {
  if (header === null) return undefined
  try {
    const value: unknown = JSON.parse(header)
    return isObject(value) ? claimCoverage(value) : undefined
  } catch {
    return undefined
  }
}

function claimCoverage(value: object): Coverage {
  return value as Coverage
}
