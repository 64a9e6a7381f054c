import { planCollector, type VerifyPluginDeps } from '../../collectors/index.ts'
import { CollectorPlan } from '../../gen/gleaner/v1/collector_plan_pb.ts'
import { implementService, type ServiceImplementation } from '../method.ts'

/** It opens secrets and calls the provider, as a check does, and so takes what a check takes. */
export function createCollectorPlanService(deps: VerifyPluginDeps): ServiceImplementation {
  return implementService(CollectorPlan, {
    get: {
      access: { permission: 'run', domain: 'required' },
      handle: ({ ctx, domainId, request: { collectorId, secretId } }) =>
        planCollector(ctx, deps, { domainId, collectorId, secretId }),
    },
  })
}
