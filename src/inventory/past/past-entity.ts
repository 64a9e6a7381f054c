import type { Entity } from '../../query/index.ts'
import { type CloudServiceView, cloudServiceEntity } from '../read/cloud-service-entity.ts'

const { metadata: _, collection_info: __, ...fields } = cloudServiceEntity.fields

/**
 * What can be asked about cloud services as they were: all but how they are shown, and who reported them
 * when, which history does not keep. The table is what `pastRows` makes.
 */
export const pastEntity: Entity<CloudServiceView> = {
  ...cloudServiceEntity,
  noun: 'past cloud service',
  table: 'past',
  fields,
}
