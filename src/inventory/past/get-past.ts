import type { Context } from '../../access/index.ts'
import { toTimestamp } from '../../core/clock.ts'
import { GleanerError, RequiredParameter } from '../../core/errors.ts'
import { shown } from '../../core/shown.ts'
import { Params, readRow, storableText } from '../../query/index.ts'
import type { CloudServiceView } from '../read/cloud-service-entity.ts'
import { assertKept, readMoment } from './moment.ts'
import { pastEntity } from './past-entity.ts'
import { pastByKey, placePast } from './past-rows.ts'
import { listUnknown, removeUnknown } from './unknown-values.ts'

export type GetPastInput = {
  readonly domainId: string
  readonly cloudServiceId: string
  /** The instant, as the caller wrote it. */
  readonly asOf: string
  readonly only: readonly string[]
}

/** One cloud service as it was. */
export type PastResource = {
  readonly resource: CloudServiceView
  readonly asOf: Date
  readonly historySince: Date
  readonly unknownPaths: readonly string[]
}

/**
 * Reads one cloud service as it was at an instant, in whatever state; one that was not there yet is
 * NOT_FOUND.
 */
export async function getPast(ctx: Context, input: GetPastInput): Promise<PastResource> {
  const { domainId, cloudServiceId, only } = input
  if (cloudServiceId === '') throw new RequiredParameter('cloud_service_id')
  const at = readMoment(input.asOf, 'as_of', ctx.now())
  const params = new Params()
  const from = pastByKey(
    placePast(params, domainId, at),
    `${params.add(storableText(cloudServiceId, 'cloud_service_id'))}::text`,
  )
  await assertKept(ctx.db, domainId, at, 'as_of')
  const resource = await readRow(ctx.db, pastEntity, { domainId, only, from, params })
  const historySince = await assertKept(ctx.db, domainId, at, 'as_of')
  if (resource === undefined) throw notThere(cloudServiceId, at)
  const unknown = await listUnknown(ctx.db, { domainId, at, ids: [cloudServiceId] })
  for (const { path } of unknown) removeUnknown(resource, path)
  return { resource, asOf: at, historySince, unknownPaths: unknown.map(({ path }) => path) }
}

function notThere(cloudServiceId: string, at: Date): GleanerError {
  const message = `cloud service '${shown(cloudServiceId)}' not found as of ${toTimestamp(at)}`
  return new GleanerError('not_found', 'ERROR_NOT_FOUND', message)
}
