import { create, type JsonValue } from '@bufbuild/protobuf'
import { type Filter, StatisticsQuerySchema } from '../../gen/spaceone/api/core/v1/query_pb.ts'
import type { Sql } from '../../storage/index.ts'
import type { Entity } from '../entity.ts'
import { compileStat } from './compile-stat.ts'
import { toObjects } from './statement.ts'

/**
 * The different values that a field has in the rows of a condition, in order, within the caller's
 * transaction.
 */
export async function distinctValues<View extends object>(
  sql: Sql,
  entity: Entity<View>,
  {
    domainId,
    filter,
    path,
  }: {
    readonly domainId: string
    readonly filter: Filter
    readonly path: string
  },
): Promise<readonly JsonValue[]> {
  const query = create(StatisticsQuerySchema, { filter: [filter], distinct: path })
  const { text, params, columns } = compileStat(entity, { domainId, query })
  return toObjects(columns, await sql.query<object>(text, params)).map(({ value = null }) => value)
}
