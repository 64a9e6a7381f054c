import type { Context } from '../../access/index.ts'
import { InvalidParameter } from '../../core/errors.ts'
import type { ManualLayer } from '../fold.ts'
import { CLOUD_SERVICE } from '../kinds.ts'
import { type CloudServiceView, getCloudService } from '../read/index.ts'
import { createByHand } from './create-by-hand.ts'
import { deleteByHand } from './delete-by-hand.ts'
import type { Given } from './read-given.ts'
import { readPatch } from './read-patch.ts'
import { updateByHand } from './update-by-hand.ts'

/** Adds a cloud service by hand. */
export async function createCloudService(
  ctx: Context,
  { domainId, given }: { readonly domainId: string; readonly given: Given },
): Promise<CloudServiceView> {
  const cloudServiceId = await createByHand(ctx, CLOUD_SERVICE, { domainId, given })
  return getCloudService(ctx, { domainId, cloudServiceId })
}

/** Changes a cloud service by hand. */
export async function updateCloudService(
  ctx: Context,
  input: {
    readonly domainId: string
    readonly cloudServiceId: string
    readonly given: Given
    readonly releaseProject: boolean
    readonly releaseRegion: boolean
  },
): Promise<CloudServiceView> {
  const { domainId, cloudServiceId, given } = input
  const patch = {
    ...readPatch(CLOUD_SERVICE, given),
    ...(input.releaseProject && release(given, 'project_id', 'release_project')),
    ...(input.releaseRegion && release(given, 'region_code', 'release_region')),
  }
  await updateByHand(ctx, CLOUD_SERVICE, { domainId, id: cloudServiceId, patch })
  return getCloudService(ctx, { domainId, cloudServiceId })
}

/** Sets a cloud service to DELETED by hand; one that is so already stays as it is. */
export async function deleteCloudService(
  ctx: Context,
  { domainId, cloudServiceId }: { readonly domainId: string; readonly cloudServiceId: string },
): Promise<void> {
  await deleteByHand(ctx, CLOUD_SERVICE, { domainId, id: cloudServiceId })
}

function release(given: Given, column: string, flag: string): ManualLayer {
  if (given[column] === undefined || given[column] === '') return { [column]: '' }
  throw new InvalidParameter(column, `the request also says ${flag}, which removes it. Send one of the two`)
}
