import { RequiredParameter } from '../../core/errors.ts'
import type { StatisticsQuery } from '../../gen/spaceone/api/core/v1/query_pb.ts'
import { compileWhere } from '../compile.ts'
import type { Entity } from '../entity.ts'
import type { Equals } from '../equals.ts'
import { pageWindow } from '../page.ts'
import { Params } from '../params.ts'
import { compileStages } from './compile-stages.ts'
import { compileDistinct } from './distinct.ts'
import { readStages } from './read-stages.ts'
import { entityRows } from './rows.ts'
import { type CompiledStat, toStatement } from './statement.ts'

export type StatInput = {
  readonly domainId: string
  readonly query?: StatisticsQuery | undefined
  /** Fields of the request that must equal, by their name in the request. */
  readonly equals?: Equals
  /** What relative times count from; absent means the present moment. */
  readonly now?: Date
}

/** A compiled request for statistics; with `distinct` the answer is a list of values, not of rows. */
export type CompiledStatistics = CompiledStat & { readonly isDistinct: boolean }

/**
 * Compiles a stat request into one statement. The text holds nothing the caller wrote: paths, names and
 * values are all bound.
 */
export function compileStat<View extends object>(entity: Entity<View>, input: StatInput): CompiledStatistics {
  const { aggregate = [], distinct = '', page } = input.query ?? {}
  if (aggregate.length === 0 && distinct === '') throw new RequiredParameter('query.aggregate')
  const params = new Params(input.now)
  const stages = readStages(aggregate, 'query.aggregate')
  const rows = entityRows(entity, compileWhere(entity, input, params))
  const isDistinct = stages.length === 0
  const result = isDistinct
    ? compileDistinct(rows, { path: distinct, place: 'query.distinct' }, params)
    : compileStages(rows, stages, params)
  const window = (page?.limit ?? 0) > 0 ? pageWindow(page) : undefined
  return { ...toStatement(result, window, params), isDistinct }
}
