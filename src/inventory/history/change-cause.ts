import type { ChangeEvidence } from '../write/history/change-records.ts'

/** What happened to a resource, by what its records say. `FIRST` is its creation, which has none (ADR 1). */
export const ACTIONS = {
  FIRST: 'created',
  CREATE: 'revived',
  UPDATE: 'updated',
  DELETE: 'deleted',
} as const

/** What the record of a change, or of a creation, says of where it came from. */
type Recorded = {
  readonly evidence: ChangeEvidence | null
  /** Sequence of the task that brought it; null for a call. */
  readonly taskSeq: number | null
}

/** What brought a change, in a word: see `ResourceHistoryEntry.cause`. Pure. */
export function causeOf({ evidence, taskSeq }: Recorded): string {
  const writer = taskSeq === null ? 'user' : 'collector'
  if (evidence === null || evidence.kind === 'merged' || evidence.kind === 'reread') return writer
  switch (evidence.kind) {
    case 'absence':
      return 'evidence'
    case 'rule':
      return evidence.only ? 'rule' : writer
    default:
      return evidence.kind
  }
}

/** Who made the call behind a change; '' where there was none, or nobody was told apart. Pure. */
export function byOf(evidence: ChangeEvidence | null): string {
  if (evidence?.kind === 'absence') return evidence.released_by ?? ''
  return evidence !== null && 'by' in evidence ? evidence.by : ''
}

/** Whose word ended, or counts last from now on, because somebody retired it: no job names it. Pure. */
export function retiredOf(evidence: ChangeEvidence | null): string {
  if (evidence?.kind === 'absence') return evidence.ended[0]?.collector_id ?? ''
  if (evidence?.kind !== 'retired') return ''
  return evidence.collector_id ?? evidence.ended[0]?.collector_id ?? ''
}

/** The collector rules that gave any of the new values. Pure. */
export function rulesOf(evidence: ChangeEvidence | null): readonly string[] {
  return evidence !== null && 'rule_ids' in evidence ? evidence.rule_ids : []
}
