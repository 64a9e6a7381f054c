import type { MessageInitShape } from '@bufbuild/protobuf'
import type { SecretGroupInfoSchema } from '../gen/spaceone/api/secret/v1/secret_group_pb.ts'
import { document, type Entity, text, timestamp } from '../query/index.ts'

export type SecretGroupView = MessageInitShape<typeof SecretGroupInfoSchema>

/** What can be asked about secret groups. */
export const secretGroupEntity: Entity<SecretGroupView> = {
  noun: 'secret group',
  table: 'secret_group',
  key: 'secret_group_id',
  fields: {
    secret_group_id: text('t.secret_group_id'),
    name: text('t.name'),
    tags: document('t.tags', { depth: 1 }),
    domain_id: text('t.domain_id'),
    created_at: timestamp('t.created_at'),
  },
  keywords: ['secret_group_id', 'name'],
  sort: [{ key: 'name' }],
  minimal: ['secret_group_id', 'name'],
  requestFields: { secret_group_id: 'secret_group_id', name: 'name' },
}
