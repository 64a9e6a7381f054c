import type { Context } from '../../access/index.ts'
import { CLOUD_SERVICE_TYPE } from '../kinds.ts'
import { type CloudServiceTypeView, getCloudServiceType } from '../read/index.ts'
import { createByHand } from './create-by-hand.ts'
import { deleteByHand } from './delete-by-hand.ts'
import type { Given } from './read-given.ts'
import { readPatch } from './read-patch.ts'
import { updateByHand } from './update-by-hand.ts'

/** Adds a cloud service type by hand. */
export async function createCloudServiceType(
  ctx: Context,
  { domainId, given }: { readonly domainId: string; readonly given: Given },
): Promise<CloudServiceTypeView> {
  const cloudServiceTypeId = await createByHand(ctx, CLOUD_SERVICE_TYPE, { domainId, given })
  return getCloudServiceType(ctx, { domainId, cloudServiceTypeId })
}

/** Changes a cloud service type by hand; its name, group and provider stay. */
export async function updateCloudServiceType(
  ctx: Context,
  input: { readonly domainId: string; readonly cloudServiceTypeId: string; readonly given: Given },
): Promise<CloudServiceTypeView> {
  const { domainId, cloudServiceTypeId, given } = input
  const patch = readPatch(CLOUD_SERVICE_TYPE, given)
  await updateByHand(ctx, CLOUD_SERVICE_TYPE, { domainId, id: cloudServiceTypeId, patch })
  return getCloudServiceType(ctx, { domainId, cloudServiceTypeId })
}

/** Removes a cloud service type by hand. */
export async function deleteCloudServiceType(
  ctx: Context,
  { domainId, cloudServiceTypeId }: { readonly domainId: string; readonly cloudServiceTypeId: string },
): Promise<void> {
  await deleteByHand(ctx, CLOUD_SERVICE_TYPE, { domainId, id: cloudServiceTypeId })
}
