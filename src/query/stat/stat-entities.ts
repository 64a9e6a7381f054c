import type { JsonObject, JsonValue } from '@bufbuild/protobuf'
import type { Context } from '../../access/index.ts'
import type { Entity } from '../entity.ts'
import { type CompiledStatistics, compileStat, type StatInput } from './compile-stat.ts'
import { type ReadRows, readStatement } from './read-statement.ts'

/**
 * Computes statistics: `results`, and `total_count` when the query asks for a page. One read-only transaction
 * with a time limit (ERROR_STATEMENT_TIMEOUT), ended early when the caller leaves.
 */
export async function statEntities<View extends object>(
  ctx: Context,
  entity: Entity<View>,
  input: StatInput,
  options: { readonly timeoutMs?: number } = {},
): Promise<JsonObject> {
  const compiled = compileStat(entity, { now: ctx.now(), ...input })
  return toStatResult(compiled, await readStatement(ctx, compiled, options))
}

/** The answer that what was read stands for. Pure. */
export function toStatResult(
  { isDistinct }: CompiledStatistics,
  { objects, totalCount }: ReadRows,
): JsonObject {
  const results: JsonValue[] = isDistinct ? objects.map(({ value = null }) => value) : [...objects]
  return { results, ...(totalCount === undefined ? {} : { total_count: totalCount }) }
}
