import type { MessageInitShape } from '@bufbuild/protobuf'
import type { DomainInfoSchema } from '../gen/gleaner/v1/domain_pb.ts'
import { document, type Entity, text, timestamp } from '../query/index.ts'

export type DomainView = MessageInitShape<typeof DomainInfoSchema>

/** What can be asked about domains. As a list they belong to the system. */
export const domainEntity: Entity<DomainView> = {
  noun: 'domain',
  table: 'listed_domain',
  key: 'domain_id',
  fields: {
    domain_id: text('t.listed_id'),
    name: text('t.name'),
    tags: document('t.tags', { depth: 1 }),
    created_at: timestamp('t.created_at'),
  },
  keywords: ['domain_id', 'name'],
  sort: [{ key: 'name' }],
  minimal: ['domain_id', 'name'],
  requestFields: { name: 'name' },
}
