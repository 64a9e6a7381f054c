import { create } from '@bufbuild/protobuf'
import type { Context } from '../../access/index.ts'
import { type Page, QuerySchema, type Sort } from '../../gen/spaceone/api/core/v1/query_pb.ts'
import { type CompiledSearch, compileSearch, type Page as Found } from '../../query/index.ts'
import { type CloudServiceView, cloudServiceEntity } from './cloud-service-entity.ts'
import { cloudServiceSearchFields } from './cloud-service-search.ts'
import { listCloudServices } from './cloud-services.ts'

export type SearchCloudServicesInput = {
  readonly domainId: string
  /** What somebody typed; empty finds everything. */
  readonly text: string
  readonly page?: Page | undefined
  readonly only: readonly string[]
  readonly sort?: Sort | undefined
}

/** Lists the cloud services that a search text means, and says what the text was compiled to. */
export async function searchCloudServices(
  ctx: Context,
  { domainId, text, page, only, sort }: SearchCloudServicesInput,
): Promise<Found<CloudServiceView> & CompiledSearch> {
  const compiled = compileCloudServiceSearch(text)
  const query = create(QuerySchema, {
    filter: [...compiled.filter],
    filterOr: [...compiled.filterOr],
    keyword: compiled.keyword,
    only: [...only],
    ...(page && { page }),
    ...(sort && { sort }),
  })
  return { ...(await listCloudServices(ctx, { domainId, query })), ...compiled }
}

/** What a search text means, as conditions of the query language; throws where it means nothing. */
export function compileCloudServiceSearch(text: string): CompiledSearch {
  return compileSearch(text, { entity: cloudServiceEntity, names: cloudServiceSearchFields })
}
