import type { MessageInitShape } from '@bufbuild/protobuf'
import type { ServiceAccountInfoSchema } from '../gen/spaceone/api/identity/v1/service_account_pb.ts'
import { document, type Entity, object, text, timestamp } from '../query/index.ts'

export type ServiceAccountView = MessageInitShape<typeof ServiceAccountInfoSchema>

const PROJECT_NAME = `coalesce((select p.name from project p
  where p.domain_id = t.domain_id and p.project_id = t.project_id), '')`

/** What can be asked about service accounts. */
export const serviceAccountEntity: Entity<ServiceAccountView> = {
  noun: 'service account',
  table: 'service_account',
  key: 'service_account_id',
  fields: {
    service_account_id: text('t.service_account_id'),
    name: text('t.name'),
    service_account_type: text(`'GENERAL'`),
    data: document('t.data'),
    provider: text('t.provider'),
    trusted_service_account_id: text(`''`),
    project_info: object({ project_id: text('t.project_id'), name: text(PROJECT_NAME) }),
    scope: text(`(case when t.project_id = '' then 'DOMAIN' else 'PROJECT' end)`),
    domain_id: text('t.domain_id'),
    tags: document('t.tags', { depth: 1 }),
    created_at: timestamp('t.created_at'),
  },
  keywords: ['service_account_id', 'name', 'provider'],
  sort: [{ key: 'name' }],
  minimal: ['service_account_id', 'name', 'provider', 'project_info.project_id'],
  requestFields: {
    service_account_id: 'service_account_id',
    name: 'name',
    service_account_type: 'service_account_type',
    provider: 'provider',
    project_id: 'project_info.project_id',
    scope: 'scope',
  },
}
