import { fromJson, type MessageInitShape } from '@bufbuild/protobuf'
import { type ListValue, ListValueSchema } from '@bufbuild/protobuf/wkt'
import {
  RecordInfo_RecordAction,
  type RecordInfoSchema,
} from '../../gen/spaceone/api/inventory/v1/change_history_pb.ts'
import { document, type Entity, enumeration, int, text, timestamp } from '../../query/index.ts'

export type ChangeRecordView = MessageInitShape<typeof RecordInfoSchema>

/** What can be asked about the history of cloud services. */
export const changeHistoryEntity: Entity<ChangeRecordView> = {
  noun: 'change record',
  table: 'change_history',
  key: 'record_id',
  fields: {
    record_id: text('t.record_id'),
    cloud_service_id: text('t.cloud_service_id'),
    action: enumeration('t.action', RecordInfo_RecordAction),
    diff: document(toDiff('t.changes'), { read: toListValue }),
    diff_count: int('jsonb_array_length(t.changes)'),
    user_id: text('t.user_id'),
    collector_id: text('t.collector_id'),
    job_id: text('t.job_id'),
    updated_by: text("(case when t.task_seq is null then 'USER' else 'COLLECTOR' end)"),
    domain_id: text('t.domain_id'),
    created_at: timestamp('t.created_at'),
  },
  keywords: ['cloud_service_id'],
  // Records of one millisecond come in the order in which they were stored.
  sort: [
    { key: 'created_at', desc: true },
    { key: 'record_id', desc: true },
  ],
  minimal: ['record_id', 'cloud_service_id', 'action', 'diff_count', 'updated_by', 'created_at'],
  requestFields: {
    cloud_service_id: 'cloud_service_id',
    action: 'action',
    user_id: 'user_id',
    collector_id: 'collector_id',
    job_id: 'job_id',
    updated_by: 'updated_by',
  },
}

// [{p, b, a}] as it is stored → [{key, before, after, type}]. Columns have no "absent": their empty value is
// that.
function toDiff(changes: string): string {
  return `coalesce((
    select jsonb_agg(jsonb_build_object('key', c.value->'p', 'before', c.value->'b', 'after', c.value->'a', 'type',
             case when coalesce(c.value->'b', 'null') in ('null', '""') then 'ADDED'
                  when coalesce(c.value->'a', 'null') in ('null', '""') then 'DELETED' else 'CHANGED' end)
           order by c.place)
    from jsonb_array_elements(${changes}) with ordinality as c (value, place)), '[]')`
}

function toListValue(stored: unknown): ListValue {
  return fromJson(ListValueSchema, Array.isArray(stored) ? stored : [])
}
