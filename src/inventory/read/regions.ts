import type { Context } from '../../access/index.ts'
import { getEntity, type ListInput, listEntities, type Page } from '../../query/index.ts'
import { type RegionView, regionEntity } from './region-entity.ts'

/** Lists regions. */
export async function listRegions(ctx: Context, input: ListInput): Promise<Page<RegionView>> {
  return listEntities(ctx, regionEntity, input)
}

/** Reads one region; an unknown id is NOT_FOUND. */
export async function getRegion(
  ctx: Context,
  input: { readonly domainId: string; readonly regionId: string; readonly only?: readonly string[] },
): Promise<RegionView> {
  return getEntity(ctx, regionEntity, { ...input, id: input.regionId })
}
