import type { JsonObject } from '@bufbuild/protobuf'
import type { CollectMode, JobPlan } from '../jobs/index.ts'
import type { SelectedSecret } from '../secrets/index.ts'
import type { Collector } from './collector.ts'

type PlanJobInput = {
  readonly collector: Collector
  readonly secrets: readonly SelectedSecret[]
  readonly filter: JsonObject
  readonly collectMode: CollectMode
  readonly plannedAt: Date
}

/**
 * Which tasks a job needs: one for each secret. Resources without a project get the secret's, else the
 * collector's.
 */
export function planJob({ collector, secrets, filter, collectMode, plannedAt }: PlanJobInput): JobPlan {
  const { domainId, collectorId, projectId } = collector
  return {
    domainId,
    collectorId,
    collectorInfo: freezeCollector(collector),
    filter,
    collectMode,
    projectId,
    plannedAt,
    tasks: secrets.map((secret) => ({ ...secret, projectId: secret.projectId || projectId })),
  }
}

/**
 * What a job keeps of its collector: the fields by which people tell collectors apart, none that may be large
 * or secret.
 */
function freezeCollector(collector: Collector): JsonObject {
  return {
    collector_id: collector.collectorId,
    name: collector.name,
    state: collector.state,
    provider: collector.provider,
    capability: collector.capability,
    plugin_info: { plugin_id: collector.pluginId, version: collector.pluginVersion },
    is_public: collector.isPublic,
    project_id: collector.projectId,
  }
}
