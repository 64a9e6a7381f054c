import { RequiredParameter } from '../../core/errors.ts'
import type { AnalyzeQuery } from '../../gen/spaceone/api/core/v1/query_pb.ts'
import { compileWhere } from '../compile.ts'
import type { Entity } from '../entity.ts'
import type { Equals } from '../equals.ts'
import { pageWindow } from '../page.ts'
import { Params } from '../params.ts'
import { compileStages } from './compile-stages.ts'
import { readAnalyze } from './read-analyze.ts'
import { entityRows } from './rows.ts'
import { type CompiledStat, toStatement } from './statement.ts'

export type AnalyzeInput = {
  readonly domainId: string
  readonly query?: AnalyzeQuery | undefined
  /** Fields of the request that must equal, by their name in the request. */
  readonly equals?: Equals
  /** What relative times count from; absent means the present moment. */
  readonly now?: Date
}

/** Compiles an analyze request into one statement, with everything the caller wrote bound. */
export function compileAnalyze<View extends object>(entity: Entity<View>, input: AnalyzeInput): CompiledStat {
  const { query } = input
  if (query === undefined) throw new RequiredParameter('query.fields')
  const params = new Params(input.now)
  const stages = readAnalyze(query)
  const rows = entityRows(entity, compileWhere(entity, input, params))
  const window = (query.page?.limit ?? 0) > 0 ? pageWindow(query.page) : undefined
  return toStatement(compileStages(rows, stages, params), window, params)
}
