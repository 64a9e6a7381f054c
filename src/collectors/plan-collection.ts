import type { JsonObject } from '@bufbuild/protobuf'
import { FailedPrecondition, type GleanerError } from '../core/errors.ts'
import { assertNoViolations, checked } from '../core/violations.ts'
import type { CollectMode, JobPlan } from '../jobs/index.ts'
import { assertPluginRuns } from '../plugins/index.ts'
import type { Transaction } from '../storage/index.ts'
import { aimFilter } from './aim-filter.ts'
import type { Collector } from './collector.ts'
import { filterViolations } from './filter-format.ts'
import { planJob } from './plan-job.ts'
import { secretsOfCollector } from './secrets-of-collector.ts'

export type CollectionRequest = {
  readonly collector: Collector
  readonly filter: JsonObject
  /** One secret of the collector's choice; '' for all of them. */
  readonly secretId: string
  readonly collectMode: CollectMode
  readonly plannedAt: Date
  /** What speaks against the request besides, to be told in the same answer. */
  readonly violations?: readonly GleanerError[]
}

/**
 * What a job of this collector would have to do now. Throws what speaks against it: by hand that is the
 * caller's answer, on schedule the error of a job. The transaction must hold the collector's row.
 */
export async function planCollection(tx: Transaction, request: CollectionRequest): Promise<JobPlan> {
  const { collector, filter, secretId, collectMode, plannedAt } = request
  await assertPluginRuns(tx, collector, 'no job was started')
  const selected = await checked(() => secretsOfCollector(tx, collector, secretId))
  assertNoViolations([
    ...(request.violations ?? []),
    ...filterViolations(filter, collector.pluginMetadata),
    ...selected.violations,
  ])
  if (!selected.isGood) throw selected.violation
  const aimed = await aimFilter(tx, collector, filter)
  const secrets = selected.value.filter((secret) => aimed.secretIds?.has(secret.secretId) ?? true)
  if (secrets.length === 0) throw noSecretLeft()
  return planJob({ collector, secrets, filter: aimed.filter, collectMode, plannedAt })
}

function noSecretLeft(): FailedPrecondition {
  return new FailedPrecondition(
    'ERROR_FILTER_MATCHES_NOTHING',
    'what the filter chooses was collected with secrets that this run does not use. No job was started, and nothing counts as gone. Choose other resources, or another secret',
  )
}
