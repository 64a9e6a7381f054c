import { create, type JsonObject, toJson } from '@bufbuild/protobuf'
import type { Context } from '../../access/index.ts'
import { type StatisticsQuery, StatisticsQuerySchema } from '../../gen/spaceone/api/core/v1/query_pb.ts'
import { compileStat, readStatement, toStatResult } from '../../query/index.ts'
import { askedPaths } from './asked-paths.ts'
import { assertKept, readMoment } from './moment.ts'
import { pastEntity } from './past-entity.ts'
import { withPast } from './past-rows.ts'
import { reachOf, WHOLE_ROWS } from './reach.ts'
import { assertKnown } from './unknown-values.ts'
import { withText } from './with-text.ts'

export type StatPastInput = {
  readonly domainId: string
  /** The instant, as the caller wrote it. */
  readonly asOf: string
  /** A search text, whose conditions hold beside those of the query. */
  readonly text: string
  readonly query?: StatisticsQuery | undefined
}

/** Computes statistics over the cloud services as they were at an instant. */
export async function statPast(ctx: Context, input: StatPastInput): Promise<JsonObject> {
  const { domainId } = input
  const now = ctx.now()
  const at = readMoment(input.asOf, 'as_of', now)
  const query = withText(input.query ?? create(StatisticsQuerySchema), input.text)
  const compiled = compileStat(pastEntity, { domainId, query, now })
  await assertKept(ctx.db, domainId, at, 'as_of')
  const asked = askedPaths(toJson(StatisticsQuerySchema, query))
  await assertKnown(ctx.db, { domainId, at, asked })
  const { params } = compiled
  const place = { domain: `$${params.length + 1}::text`, at: `$${params.length + 2}::timestamptz` }
  const text = withPast(compiled.text, place, showsWholeRows(query) ? WHOLE_ROWS : reachOf(asked))
  const read = await readStatement(ctx, { ...compiled, text, params: [...params, domainId, at] })
  await assertKept(ctx.db, domainId, at, 'as_of')
  return toStatResult(compiled, read)
}

/** Stages after which rows have only the fields that the stage names. */
const NARROWING: ReadonlySet<string | undefined> = new Set(['group', 'count', 'project'])

function showsWholeRows({ aggregate }: StatisticsQuery): boolean {
  return aggregate.length > 0 && !aggregate.some(({ aggregateAlias }) => NARROWING.has(aggregateAlias.case))
}
