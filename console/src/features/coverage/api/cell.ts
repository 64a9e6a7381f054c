import type { KindNames } from '../../../format/kind.ts'

/** A kind in one account and region, as one collector sees it. */
export type Cell = KindNames & {
  readonly collector_id: string
  readonly collector_name: string
  readonly secret_id: string
  readonly account: string
  readonly region_code: string
  readonly state: string
  readonly reason: string
  readonly count: number
  readonly missed_count: number
  readonly unknown_count: number
  readonly held_count: number
  readonly last_receipt_at: string
  readonly last_receipt_job_id: string
  readonly grade: string
  readonly last_failure?: { readonly class: string; readonly message: string; readonly job_id: string }
  readonly next_run_at: string
  readonly kept_by_others_count: number
  readonly acceptance_ids: readonly string[]
}

export type Ledger = {
  readonly results: readonly Cell[]
  readonly total_count: number
  readonly complete_count: number
  readonly complete: boolean
  readonly accepted_count: number
  readonly complete_or_accepted: boolean
  readonly oldest_evidence_at: string
}

/** Deletions that wait for a decision. */
export type Hold = KindNames & {
  readonly hold_id: string
  readonly collector_id: string
  readonly reason: string
  readonly scope: string
  readonly account: string
  readonly region_code: string
  readonly count: number
  readonly of_count: number
  readonly receipts: number
  readonly created_at: string
  readonly examples: readonly string[]
}
