import type { JsonObject } from '@bufbuild/protobuf'
import type { Context } from '../access/index.ts'
import { FailedPrecondition, RequiredParameter } from '../core/errors.ts'
import { assertNoViolations } from '../core/violations.ts'
import {
  collectModeViolations,
  type JobView,
  startJob,
  type TaskQueue,
  toCollectMode,
} from '../jobs/index.ts'
import type { Collector } from './collector.ts'
import { planCollection } from './plan-collection.ts'
import { lockCollector } from './sql/lock-collector.ts'

type CollectInput = {
  readonly domainId: string
  readonly collectorId: string
  readonly filter: JsonObject
  /** One secret of the collector's choice; '' for all of them. */
  readonly secretId: string
  /** ALL, CREATE or UPDATE; '' for ALL. */
  readonly collectMode: string
  /** Reuse what the plugin remembered about where to look. Default false. */
  readonly useCache?: boolean
}

/**
 * Starts a collection now: one job, one task for each secret, and the wake-ups of the workers, all in one
 * transaction. Calls no plugin and returns at once.
 */
export async function collect(
  ctx: Context,
  { queue }: { readonly queue: TaskQueue },
  input: CollectInput,
): Promise<JobView> {
  const { filter, secretId, collectMode } = input
  const violations = collectModeViolations(collectMode)
  if (input.collectorId === '') assertNoViolations([new RequiredParameter('collector_id'), ...violations])
  const job = await ctx.db.transaction(async (tx) => {
    const collector = await lockCollector(tx, input)
    assertEnabled(collector)
    const plan = await planCollection(tx, {
      collector,
      filter,
      secretId,
      collectMode: toCollectMode(collectMode),
      plannedAt: ctx.now(),
      violations,
    })
    return await startJob(tx, queue, { ...plan, usesCache: input.useCache ?? false })
  })
  ctx.log.info({ domainId: input.domainId, collectorId: input.collectorId, jobId: job.jobId }, 'job started')
  return job
}

function assertEnabled({ collectorId, state }: Collector): void {
  if (state === 'ENABLED') return
  throw new FailedPrecondition(
    'ERROR_COLLECTOR_STATE',
    `collector '${collectorId}' is disabled, so no job was started. What it collected stays. Enable it, then collect again`,
  )
}
