import type { KindNames } from '../../../format/kind.ts'

/** That somebody knows of gaps and accepts them. Empty names are any. */
export type Acceptance = KindNames & {
  readonly acceptance_id: string
  readonly collector_id: string
  readonly collector_name: string
  readonly secret_id: string
  readonly account: string
  readonly region_code: string
  readonly classes: readonly string[]
  readonly reason: string
  readonly accepted_by: string
  readonly created_at: string
  readonly until: string
  readonly state: string
  readonly gap_count: number
}

/** What is asked to be accepted; what is left out is any. */
export type AcceptRequest = {
  readonly collector_id: string
  readonly reason: string
  readonly until: string
  readonly classes: readonly string[]
} & Partial<KindNames> & {
    readonly secret_id?: string
    readonly account?: string
    readonly region_code?: string
  }
