import { create, toJson } from '@bufbuild/protobuf'
import type { Context } from '../../access/index.ts'
import { type Query, QuerySchema } from '../../gen/spaceone/api/core/v1/query_pb.ts'
import { compileListFrom, runList, sortPaths } from '../../query/index.ts'
import type { CloudServiceView } from '../read/cloud-service-entity.ts'
import { askedPaths } from './asked-paths.ts'
import { assertKept, readMoment } from './moment.ts'
import { pastEntity } from './past-entity.ts'
import { pastSources, placePast } from './past-rows.ts'
import { reachOf } from './reach.ts'
import { assertKnown, listUnknown, removeUnknown, type UnknownPath } from './unknown-values.ts'
import { withText } from './with-text.ts'

export type ListPastInput = {
  readonly domainId: string
  /** The instant, as the caller wrote it. */
  readonly asOf: string
  /** A search text, whose conditions hold beside those of the query. */
  readonly text: string
  readonly query?: Query | undefined
  /** True leaves `totalCount` at 0. Default false. */
  readonly withoutTotal?: boolean
}

/** Cloud services as they were. */
export type PastPage = {
  readonly rows: readonly CloudServiceView[]
  readonly totalCount: number
  readonly asOf: Date
  readonly historySince: Date
  readonly unknown: readonly UnknownPath[]
}

/** Lists the cloud services as they were at an instant, as `listCloudServices` lists what they are. */
export async function listPast(ctx: Context, input: ListPastInput): Promise<PastPage> {
  const { domainId, withoutTotal = false } = input
  const now = ctx.now()
  const at = readMoment(input.asOf, 'as_of', now)
  const query = withText(input.query ?? create(QuerySchema), input.text)
  const asked = askedPaths(toJson(QuerySchema, query))
  const order = query.countOnly ? [] : sortPaths(pastEntity, query.sort)
  const compiled = compileListFrom(pastEntity, { domainId, query, now, withoutTotal }, (params) =>
    pastSources(placePast(params, domainId, at), reachOf([...asked, ...order])),
  )
  let historySince = await assertKept(ctx.db, domainId, at, 'as_of')
  await assertKnown(ctx.db, { domainId, at, asked })
  let unknown: readonly UnknownPath[] = []
  const page = await runList(ctx, pastEntity, domainId, compiled, {
    async alsoRead(tx, { keys, rows }) {
      historySince = await assertKept(tx, domainId, at, 'as_of')
      unknown = await listUnknown(tx, { domainId, at, ids: keys })
      const views = new Map(keys.map((key, place) => [key, rows[place]]))
      for (const { path, cloudServiceIds } of unknown) {
        for (const id of cloudServiceIds) removeUnknown(views.get(id) ?? {}, path)
      }
    },
  })
  return { ...page, asOf: at, historySince, unknown }
}
