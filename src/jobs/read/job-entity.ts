import type { JsonObject, MessageInitShape } from '@bufbuild/protobuf'
import {
  CollectorInfo_State,
  JobInfo_Status,
  type JobInfoSchema,
} from '../../gen/spaceone/api/inventory/v1/collector_pb.ts'
import type { TaskError } from '../../inventory/index.ts'
import { bool, document, type Entity, enumeration, int, object, text, timestamp } from '../../query/index.ts'

export type JobView = MessageInitShape<typeof JobInfoSchema>

/** What can be asked about jobs. `collector_info` is the collector as it was when the job began. */
export const jobEntity: Entity<JobView> = {
  noun: 'job',
  table: 'job',
  key: 'job_id',
  fields: {
    job_id: text('t.job_id'),
    status: enumeration('t.status', JobInfo_Status),
    filter: document('t.filter'),
    total_tasks: int('t.total_tasks'),
    remained_tasks: int('t.remained_tasks'),
    errors: document('t.errors', { read: toErrorInfos }),
    collector_info: object({
      collector_id: text('t.collector_id'),
      name: frozen('name'),
      state: enumeration("t.collector_info->>'state'", CollectorInfo_State),
      provider: frozen('provider'),
      capability: document("t.collector_info->'capability'"),
      plugin_info: object({
        plugin_id: text("t.collector_info->'plugin_info'->>'plugin_id'"),
        version: text("t.collector_info->'plugin_info'->>'version'"),
      }),
      is_public: bool("(t.collector_info->>'is_public')::boolean"),
      project_id: frozen('project_id'),
    }),
    project_id: text('t.project_id'),
    domain_id: text('t.domain_id'),
    created_at: timestamp('t.created_at'),
    updated_at: timestamp('t.updated_at'),
    finished_at: timestamp('t.finished_at', { nullable: true }),
  },
  keywords: ['job_id'],
  sort: [{ key: 'created_at', desc: true }],
  minimal: ['job_id', 'status', 'created_at', 'finished_at'],
  requestFields: {
    job_id: 'job_id',
    status: 'status',
    collector_id: 'collector_info.collector_id',
    project_id: 'project_id',
  },
}

/** Stored errors as the messages of jobs and tasks carry them. */
export function toErrorInfos(
  stored: unknown,
): readonly { errorCode: string; message: string; additional?: JsonObject }[] {
  return asErrors(stored).map(({ error_code, message, additional }) => ({
    errorCode: error_code,
    message,
    ...(additional === undefined ? {} : { additional }),
  }))
}

function frozen(name: string) {
  return text(`t.collector_info->>'${name}'`)
}

// Only this folder writes the column, and always in this shape.
function asErrors(stored: unknown): readonly TaskError[] {
  return stored as readonly TaskError[]
}
