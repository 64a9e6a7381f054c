import type { Context } from '../../access/index.ts'
import { type ListInput, listEntities, type Page } from '../../query/index.ts'
import { type ChangeRecordView, changeHistoryEntity } from './change-history-entity.ts'

/** Lists what happened to cloud services, newest first unless ordered otherwise. */
export async function listChangeHistory(ctx: Context, input: ListInput): Promise<Page<ChangeRecordView>> {
  return listEntities(ctx, changeHistoryEntity, input)
}
