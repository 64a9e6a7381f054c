import type { MessageInitShape } from '@bufbuild/protobuf'
import type { ProjectInfoSchema } from '../gen/spaceone/api/identity/v1/project_pb.ts'
import { document, type Entity, text, timestamp } from '../query/index.ts'

export type ProjectView = MessageInitShape<typeof ProjectInfoSchema>

/** What can be asked about projects. */
export const projectEntity: Entity<ProjectView> = {
  noun: 'project',
  table: 'project',
  key: 'project_id',
  fields: {
    project_id: text('t.project_id'),
    name: text('t.name'),
    tags: document('t.tags', { depth: 1 }),
    domain_id: text('t.domain_id'),
    created_by: text('t.created_by'),
    created_at: timestamp('t.created_at'),
  },
  keywords: ['project_id', 'name'],
  sort: [{ key: 'name' }],
  minimal: ['project_id', 'name'],
  requestFields: { project_id: 'project_id', name: 'name' },
}
