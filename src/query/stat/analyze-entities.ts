import type { JsonObject } from '@bufbuild/protobuf'
import type { Context } from '../../access/index.ts'
import type { Entity } from '../entity.ts'
import { pageWindow } from '../page.ts'
import { type AnalyzeInput, compileAnalyze } from './compile-analyze.ts'
import { readStatement } from './read-statement.ts'

/**
 * Computes the figures of an analyze request: `results`, and with a page whether there are `more` rows behind
 * it. Time limit and cancellation as in `statEntities`.
 */
export async function analyzeEntities<View extends object>(
  ctx: Context,
  entity: Entity<View>,
  input: AnalyzeInput,
  options: { readonly timeoutMs?: number } = {},
): Promise<JsonObject> {
  const compiled = compileAnalyze(entity, { now: ctx.now(), ...input })
  const { objects, totalCount } = await readStatement(ctx, compiled, options)
  if (totalCount === undefined) return { results: objects }
  const { limit, offset } = pageWindow(input.query?.page)
  return { results: objects, more: totalCount > offset + limit }
}
