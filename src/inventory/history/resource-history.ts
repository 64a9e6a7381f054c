import { fromJson, type JsonValue, type MessageInitShape } from '@bufbuild/protobuf'
import { ValueSchema } from '@bufbuild/protobuf/wkt'
import type { Context } from '../../access/index.ts'
import { toTimestamp } from '../../core/clock.ts'
import { NotFound, RequiredParameter } from '../../core/errors.ts'
import type {
  ResourceHistoryChangeSchema,
  ResourceHistoryEntrySchema,
  ResourceHistoryInfoSchema,
} from '../../gen/gleaner/v1/coverage_pb.ts'
import { type ChangeEvidence, endsClaims } from '../write/history/change-records.ts'
import { ACTIONS, byOf, causeOf, retiredOf, rulesOf } from './change-cause.ts'

type Entry = MessageInitShape<typeof ResourceHistoryEntrySchema>

type ChangeRow = { readonly p: string; readonly b?: JsonValue; readonly a?: JsonValue }

type HistoryRow = {
  readonly action: keyof typeof ACTIONS
  readonly taskSeq: number | null
  readonly changes: readonly ChangeRow[]
  readonly evidence: ChangeEvidence | null
  readonly createdAt: Date
  /** Who made it by hand, of the creation alone. */
  readonly createdBy: string | null
  readonly jobId: string | null
  readonly collectorId: string | null
}

// The creation has no record: it is read from the row itself (ADR 1).
const READ_HISTORY = `
select h.*, k.job_id, k.collector_id
  from (select 'FIRST' as action, created_seq as task_seq, '[]'::jsonb as changes, null::jsonb as evidence, created_at,
               created_by, 0::bigint as seq
          from cloud_service where domain_id = $1 and cloud_service_id = $2
         union all
        (select action, task_seq, changes, evidence, created_at, null, seq from change_record
          where domain_id = $1 and cloud_service_id = $2 order by seq desc limit 999)) h
  left join known_task k on k.domain_id = $1 and k.seq = h.task_seq
 order by h.seq`

/** Reads what happened to a cloud service and why, the oldest first. */
export async function readResourceHistory(
  ctx: Context,
  { domainId, cloudServiceId }: { readonly domainId: string; readonly cloudServiceId: string },
): Promise<MessageInitShape<typeof ResourceHistoryInfoSchema>> {
  if (cloudServiceId === '') throw new RequiredParameter('cloud_service_id')
  const rows = await ctx.db.query<HistoryRow>(READ_HISTORY, [domainId, cloudServiceId])
  if (rows.length === 0) throw new NotFound('cloud service', cloudServiceId)
  return { results: rows.map(toEntry) }
}

function toEntry(row: HistoryRow): Entry {
  const { evidence } = row
  return {
    action: actionOf(row),
    cause: causeOf(row),
    at: toTimestamp(row.createdAt),
    jobId: row.jobId ?? '',
    collectorId: row.collectorId ?? retiredOf(evidence),
    by: row.createdBy ?? byOf(evidence),
    changes: row.changes.map(toChange),
    receiptJobIds: receiptsOf(evidence),
    ruleIds: [...rulesOf(evidence)],
    inputsChanged: evidence?.kind === 'reread',
    matchRule: evidence?.kind === 'merged' ? [...evidence.match_rule] : [],
  }
}

function actionOf({ action, evidence }: HistoryRow): string {
  if (evidence?.kind === 'merged') return 'merged'
  if (action === 'UPDATE' && endsClaims(evidence)) return 'withdrawn'
  return ACTIONS[action]
}

function receiptsOf(evidence: ChangeEvidence | null): string[] {
  if (evidence?.kind !== 'absence') return []
  return evidence.ended.flatMap(({ receipts }) => receipts.map(({ job_id }) => job_id))
}

function toChange({ p, b, a }: ChangeRow): MessageInitShape<typeof ResourceHistoryChangeSchema> {
  return {
    path: p,
    removed: a === undefined,
    ...(b === undefined ? {} : { before: fromJson(ValueSchema, b) }),
    ...(a === undefined ? {} : { after: fromJson(ValueSchema, a) }),
  }
}
