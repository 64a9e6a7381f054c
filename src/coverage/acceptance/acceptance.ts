import type { FailureClass } from '../../inventory/index.ts'
import type { CellName } from '../cells.ts'

/** That somebody knows of gaps and accepts them, as far as it decides which. */
export type Acceptance = {
  readonly acceptanceId: string
  readonly collectorId: string
  /** '' for any. */
  readonly secretId: string
  /** Which cells; an empty field names any. */
  readonly name: CellName
  /** Only gaps that failures of these classes have made; none for any gap. */
  readonly classes: readonly FailureClass[]
}

/** As it is stored, and what the clock of the database makes of it. */
export type StoredAcceptance = Acceptance & {
  readonly reason: string
  readonly acceptedBy: string
  readonly createdAt: Date
  /** Null for as long as nobody ends it. */
  readonly until: Date | null
  readonly endedAt: Date | null
  readonly endedBy: string
  readonly isExpired: boolean
}
