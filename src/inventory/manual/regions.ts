import type { Context } from '../../access/index.ts'
import { REGION } from '../kinds.ts'
import { getRegion, type RegionView } from '../read/index.ts'
import { createByHand } from './create-by-hand.ts'
import { deleteByHand } from './delete-by-hand.ts'
import type { Given } from './read-given.ts'
import { readPatch } from './read-patch.ts'
import { updateByHand } from './update-by-hand.ts'

/** Adds a region by hand. */
export async function createRegion(
  ctx: Context,
  { domainId, given }: { readonly domainId: string; readonly given: Given },
): Promise<RegionView> {
  const regionId = await createByHand(ctx, REGION, { domainId, given })
  return getRegion(ctx, { domainId, regionId })
}

/** Changes a region by hand; its code and provider stay. */
export async function updateRegion(
  ctx: Context,
  {
    domainId,
    regionId,
    given,
  }: { readonly domainId: string; readonly regionId: string; readonly given: Given },
): Promise<RegionView> {
  await updateByHand(ctx, REGION, { domainId, id: regionId, patch: readPatch(REGION, given) })
  return getRegion(ctx, { domainId, regionId })
}

/** Removes a region by hand. */
export async function deleteRegion(
  ctx: Context,
  { domainId, regionId }: { readonly domainId: string; readonly regionId: string },
): Promise<void> {
  await deleteByHand(ctx, REGION, { domainId, id: regionId })
}
