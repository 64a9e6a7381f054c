import type { Context } from '../../access/index.ts'
import { InvalidParameter } from '../../core/errors.ts'
import { getEntity, type ListInput, listEntities, type Page } from '../../query/index.ts'
import { type CloudServiceView, cloudServiceEntity } from './cloud-service-entity.ts'

export type ListCloudServicesInput = ListInput & {
  /** Both must be empty: there is nothing here that could resolve them. */
  readonly resourceGroupId?: string
  readonly projectGroupId?: string
}

/** Lists cloud services; DELETED ones only when a condition on `state` asks for them. */
export async function listCloudServices(
  ctx: Context,
  { resourceGroupId = '', projectGroupId = '', ...input }: ListCloudServicesInput,
): Promise<Page<CloudServiceView>> {
  if (resourceGroupId !== '')
    throw unserved('resource_group_id', 'resource groups are not part of this server')
  if (projectGroupId !== '') throw unserved('project_group_id', 'project groups are not part of this server')
  return listEntities(ctx, cloudServiceEntity, input)
}

/** Reads one cloud service, in whatever state; an unknown id is NOT_FOUND. */
export async function getCloudService(
  ctx: Context,
  input: { readonly domainId: string; readonly cloudServiceId: string; readonly only?: readonly string[] },
): Promise<CloudServiceView> {
  return getEntity(ctx, cloudServiceEntity, { ...input, id: input.cloudServiceId })
}

// Ignoring the field would answer with more than was asked for.
function unserved(field: string, reason: string): InvalidParameter {
  return new InvalidParameter(field, `${reason}; leave it empty and filter by project_id or tags`)
}
