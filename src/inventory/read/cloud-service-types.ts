import type { Context } from '../../access/index.ts'
import { getEntity, type ListInput, listEntities, type Page } from '../../query/index.ts'
import { type CloudServiceTypeView, cloudServiceTypeEntity } from './cloud-service-type-entity.ts'

/** Lists cloud service types. */
export async function listCloudServiceTypes(
  ctx: Context,
  input: ListInput,
): Promise<Page<CloudServiceTypeView>> {
  return listEntities(ctx, cloudServiceTypeEntity, input)
}

/** Reads one cloud service type; an unknown id is NOT_FOUND. */
export async function getCloudServiceType(
  ctx: Context,
  input: {
    readonly domainId: string
    readonly cloudServiceTypeId: string
    readonly only?: readonly string[]
  },
): Promise<CloudServiceTypeView> {
  return getEntity(ctx, cloudServiceTypeEntity, { ...input, id: input.cloudServiceTypeId })
}
