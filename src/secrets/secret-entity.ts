import type { MessageInitShape } from '@bufbuild/protobuf'
import { type SecretInfoSchema, SecretType } from '../gen/spaceone/api/secret/v1/secret_pb.ts'
import { document, type Entity, enumeration, text, timestamp } from '../query/index.ts'

export type SecretView = MessageInitShape<typeof SecretInfoSchema>

/** What can be asked about secrets: nothing that leads to their data. */
export const secretEntity: Entity<SecretView> = {
  noun: 'secret',
  table: 'secret',
  key: 'secret_id',
  fields: {
    secret_id: text('t.secret_id'),
    name: text('t.name'),
    secret_type: enumeration('t.secret_type', SecretType),
    tags: document('t.tags', { depth: 1 }),
    schema: text('t.schema'),
    provider: text('t.provider'),
    service_account_id: text('t.service_account_id'),
    project_id: text('t.project_id'),
    trusted_secret_id: text(`''`),
    domain_id: text('t.domain_id'),
    created_at: timestamp('t.created_at'),
  },
  keywords: ['secret_id', 'name', 'schema', 'provider'],
  sort: [{ key: 'name' }],
  minimal: ['secret_id', 'name', 'secret_type', 'schema', 'provider', 'service_account_id', 'project_id'],
  requestFields: {
    secret_id: 'secret_id',
    name: 'name',
    secret_type: 'secret_type',
    schema: 'schema',
    provider: 'provider',
    service_account_id: 'service_account_id',
  },
}
