import { fromJson, type JsonObject } from '@bufbuild/protobuf'
import { InvalidParameter } from '../../../src/core/errors.ts'
import { AnalyzeQuerySchema, StatisticsQuerySchema } from '../../../src/gen/spaceone/api/core/v1/query_pb.ts'
import { analyzeEntities, compileAnalyze, compileStat, statEntities } from '../../../src/query/index.ts'
import type { Database } from '../../../src/storage/index.ts'
import { sampleEntity, testContext } from '../sample.ts'

/** The whole answer of a stat request written as JSON. */
export function askStat(db: Database, domainId: string, query: JsonObject): Promise<JsonObject> {
  const input = { domainId, query: fromJson(StatisticsQuerySchema, query) }
  return statEntities(testContext(db), sampleEntity, input)
}

/** The whole answer of an analyze request written as JSON. */
export function askAnalyze(db: Database, domainId: string, query: JsonObject): Promise<JsonObject> {
  const input = { domainId, query: fromJson(AnalyzeQuerySchema, query) }
  return analyzeEntities(testContext(db), sampleEntity, input)
}

/** The refusal that compiling this stat request ends with. */
export function statRefusal(query: JsonObject): InvalidParameter {
  return refusalOf(() =>
    compileStat(sampleEntity, { domainId: 'domain-1', query: fromJson(StatisticsQuerySchema, query) }),
  )
}

/** The refusal that compiling this analyze request ends with. */
export function analyzeRefusal(query: JsonObject): InvalidParameter {
  return refusalOf(() =>
    compileAnalyze(sampleEntity, { domainId: 'domain-1', query: fromJson(AnalyzeQuerySchema, query) }),
  )
}

function refusalOf(compile: () => unknown): InvalidParameter {
  try {
    compile()
  } catch (thrown) {
    if (thrown instanceof InvalidParameter) return thrown
    throw thrown
  }
  throw new Error('the query was accepted')
}
