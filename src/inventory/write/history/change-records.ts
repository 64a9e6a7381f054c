import { jsonbArray, type Transaction, textArray } from '../../../storage/index.ts'
import type { Change } from '../../diff.ts'

export type ChangeRecord = {
  readonly targetId: string
  /** CREATE is a deleted resource that came back: the first creation has no record (ADR 1). */
  readonly action: 'CREATE' | 'UPDATE' | 'DELETE'
  readonly changes: readonly Change[]
  /** Why, where no new document of the run was the reason: see `ChangeEvidence`. */
  readonly evidence?: ChangeEvidence
}

/** What the record of a change says about its cause, beside the task that brought it. */
export type ChangeEvidence =
  /** Claims ended because their resource was missing under these receipts. */
  | { readonly kind: 'absence'; readonly ended: readonly EndedClaim[]; readonly released_by?: string }
  /** Claims ended because somebody retired who made them. */
  | {
      readonly kind: 'retired'
      readonly ended: readonly EndedClaim[]
      readonly by: string
      /** Absent in records from before it was kept: then `ended` names it. */
      readonly collector_id?: string
    }
  /** A deletion was taken back by hand. */
  | { readonly kind: 'undo'; readonly by: string }
  /** Written by hand, by somebody who is known. */
  | { readonly kind: 'user'; readonly by: string }
  /**
   * Another contributor's resource, or another of the same one, turned out to be this one: by these paths of
   * its match rules. `rule_ids` as below.
   */
  | { readonly kind: 'merged'; readonly match_rule: readonly string[]; readonly rule_ids: readonly string[] }
  /**
   * The run was the first to read under other rules, another priority, project or plugin version: unchanged
   * words may have become something else by that.
   */
  | { readonly kind: 'reread' }
  /** Values that collector rules gave are among the changes; `only` when all of them are. */
  | { readonly kind: 'rule'; readonly rule_ids: readonly string[]; readonly only: boolean }

/** A claim that ended, with the jobs whose receipts prove the absence. */
export type EndedClaim = {
  readonly contributor_id: number
  readonly collector_id: string
  readonly receipts: readonly { readonly job_id: string; readonly grade: string; readonly at: string }[]
}

/** The cause of a change that a call made; nothing while callers are not told apart. */
export function byHand(by: string): Pick<ChangeRecord, 'evidence'> {
  return by === '' ? {} : { evidence: { kind: 'user', by } }
}

/**
 * Records what changed in cloud services, in the transaction that changes them; `taskSeq` null says by hand.
 * Changes of `metadata` alone leave no record; that two became one, or that a claim ended, does, whether or
 * not it changed anything.
 */
export async function insertChangeRecords(
  tx: Transaction,
  write: {
    domainId: string
    taskSeq: number | null
    now: Date
    records: readonly ChangeRecord[]
  },
): Promise<void> {
  const records = write.records.filter(
    ({ changes, evidence }) => changes.length > 0 || isAboutClaims(evidence),
  )
  if (records.length === 0) return
  await tx.query(
    `insert into change_record (domain_id, cloud_service_id, action, task_seq, changes, evidence, created_at)
     select $1, r.id, r.action, $2::bigint, r.changes, r.evidence, $3
       from unnest($4::text[], $5::text[], $6::jsonb[], $7::jsonb[]) as r(id, action, changes, evidence)`,
    [
      write.domainId,
      write.taskSeq,
      write.now,
      textArray(records.map(({ targetId }) => targetId)),
      textArray(records.map(({ action }) => action)),
      jsonbArray(records.map(({ changes }) => JSON.stringify(changes))),
      jsonbArray(records.map(({ evidence }) => (evidence === undefined ? null : JSON.stringify(evidence)))),
    ],
    { name: 'insert_change_records' },
  )
}

/** Who speaks of the resource has changed, which readers may want to know although it says the same. */
function isAboutClaims(evidence: ChangeEvidence | undefined): boolean {
  return evidence?.kind === 'merged' || endsClaims(evidence)
}

/** Whether a record tells of claims that ended. Pure. */
export function endsClaims(evidence: ChangeEvidence | null | undefined): boolean {
  return (evidence?.kind === 'absence' || evidence?.kind === 'retired') && evidence.ended.length > 0
}
