import { GleanerError } from '../core/errors.ts'
import type { JobPlan, RefusedJob } from '../jobs/index.ts'
import type { Transaction } from '../storage/index.ts'
import { type CollectionRequest, planCollection } from './plan-collection.ts'
import { planJob } from './plan-job.ts'

type UnattendedPlan =
  | { readonly kind: 'start'; readonly plan: JobPlan }
  | ({ readonly kind: 'refuse' } & RefusedJob)

/**
 * Plans a collection that nobody waits for: what speaks against it becomes the error of a job without tasks.
 */
export async function planUnattended(tx: Transaction, request: CollectionRequest): Promise<UnattendedPlan> {
  try {
    return { kind: 'start', plan: await planCollection(tx, request) }
  } catch (thrown) {
    // What the database refuses has ended the transaction, and is no property of the collector.
    if (!(thrown instanceof GleanerError) || thrown.retryable) throw thrown
    return refuseUnattended(request, thrown)
  }
}

/** The job that stands for a collection which cannot begin. */
export function refuseUnattended(
  request: CollectionRequest,
  { code, message }: Pick<GleanerError, 'code' | 'message'>,
): UnattendedPlan & { readonly kind: 'refuse' } {
  const { collectorId, name } = request.collector
  return {
    kind: 'refuse',
    plan: planJob({ ...request, secrets: [] }),
    error: {
      error_code: code,
      message: `collector '${collectorId}' (${name}) could not begin on schedule: ${message}. Nothing was read; what is stored stays, and nothing counts as gone. Remove the cause; the schedule tries again at its next time`,
    },
  }
}
