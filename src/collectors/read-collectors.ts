import type { Context } from '../access/index.ts'
import { RequiredParameter } from '../core/errors.ts'
import { getEntity, type ListInput, listEntities, type Page } from '../query/index.ts'
import { type CollectorView, collectorEntity } from './collector-entity.ts'

/** Lists collectors, by name unless ordered otherwise. */
export async function listCollectors(ctx: Context, input: ListInput): Promise<Page<CollectorView>> {
  return await listEntities(ctx, collectorEntity, input)
}

/** Reads one collector; an unknown id is NOT_FOUND. */
export async function getCollector(
  ctx: Context,
  input: { readonly domainId: string; readonly collectorId: string; readonly only?: readonly string[] },
): Promise<CollectorView> {
  if (input.collectorId === '') throw new RequiredParameter('collector_id')
  return await getEntity(ctx, collectorEntity, { ...input, id: input.collectorId })
}
