import type { MessageInitShape } from '@bufbuild/protobuf'
import type { RegionInfoSchema } from '../../gen/spaceone/api/inventory/v1/region_pb.ts'
import { document, type Entity, text, timestamp } from '../../query/index.ts'

export type RegionView = MessageInitShape<typeof RegionInfoSchema>

/** What can be asked about regions. */
export const regionEntity: Entity<RegionView> = {
  noun: 'region',
  table: 'region',
  key: 'region_id',
  fields: {
    region_id: text('t.region_id'),
    name: text('t.name'),
    region_key: text(`(t.provider || '.' || t.region_code)`),
    region_code: text('t.region_code'),
    provider: text('t.provider'),
    tags: document('t.tags', { depth: 1 }),
    domain_id: text('t.domain_id'),
    created_at: timestamp('t.created_at'),
    updated_at: timestamp('t.updated_at'),
  },
  keywords: ['region_id', 'name', 'region_code', 'provider'],
  sort: [{ key: 'name' }],
  minimal: ['region_id', 'name', 'region_code', 'provider'],
  requestFields: {
    region_id: 'region_id',
    name: 'name',
    region_key: 'region_key',
    region_code: 'region_code',
    provider: 'provider',
  },
}
