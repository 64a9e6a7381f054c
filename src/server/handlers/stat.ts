import { fromJson, type JsonObject } from '@bufbuild/protobuf'
import { type Struct, StructSchema } from '@bufbuild/protobuf/wkt'
import type { Context } from '../../access/index.ts'
import type { StatisticsQuery } from '../../gen/spaceone/api/core/v1/query_pb.ts'
import { type Entity, type Equals, statEntities } from '../../query/index.ts'

/** A request for statistics, of whichever service. */
type StatCall = {
  readonly ctx: Context
  readonly domainId: string
  readonly request: { readonly query?: StatisticsQuery | undefined }
}

/** Answers the `stat` of a service; all of them take a StatisticsQuery and return a Struct. */
export async function answerStat<View extends object>(
  { ctx, domainId, request }: StatCall,
  entity: Entity<View>,
  equals: Equals = {},
): Promise<Struct> {
  return toStruct(await statEntities(ctx, entity, { domainId, query: request.query, equals }))
}

/** Figures as the Struct message that carries them. */
export function toStruct(json: JsonObject): Struct {
  return fromJson(StructSchema, json)
}
