import type { MessageInitShape } from '@bufbuild/protobuf'
import {
  JobTaskInfo_JobTaskStatus,
  type JobTaskInfoSchema,
} from '../../gen/spaceone/api/inventory/v1/job_task_pb.ts'
import { document, type Entity, enumeration, int, text, timestamp } from '../../query/index.ts'
import { toErrorInfos } from './job-entity.ts'

export type JobTaskView = MessageInitShape<typeof JobTaskInfoSchema>

/** What can be asked about job tasks. */
export const jobTaskEntity: Entity<JobTaskView> = {
  noun: 'job task',
  table: 'job_task',
  key: 'job_task_id',
  fields: {
    job_task_id: text('t.job_task_id'),
    status: enumeration('t.status', JobTaskInfo_JobTaskStatus),
    created_count: int('t.created_count'),
    updated_count: int('t.updated_count'),
    failure_count: int('t.failure_count'),
    deleted_count: int('t.deleted_count'),
    disconnected_count: int('t.disconnected_count'),
    errors: document('t.errors', { read: toErrorInfos }),
    job_id: text('t.job_id'),
    secret_id: text('t.secret_id'),
    provider: text('t.provider'),
    service_account_id: text('t.service_account_id'),
    project_id: text('t.project_id'),
    domain_id: text('t.domain_id'),
    created_at: timestamp('t.created_at'),
    started_at: timestamp('t.started_at', { nullable: true }),
    finished_at: timestamp('t.finished_at', { nullable: true }),
  },
  keywords: ['job_task_id'],
  sort: [{ key: 'created_at', desc: true }],
  minimal: [
    'job_task_id',
    'status',
    'created_count',
    'updated_count',
    'failure_count',
    'deleted_count',
    'disconnected_count',
    'job_id',
    'created_at',
    'started_at',
    'finished_at',
  ],
  requestFields: {
    job_task_id: 'job_task_id',
    status: 'status',
    job_id: 'job_id',
    secret_id: 'secret_id',
    provider: 'provider',
    service_account_id: 'service_account_id',
    project_id: 'project_id',
  },
}
