import { getCollectorSettings, updateCollectorSettings } from '../../collectors/index.ts'
import { CollectorSettings } from '../../gen/gleaner/v1/collector_settings_pb.ts'
import { implementService } from '../method.ts'

export const collectorSettingsService = implementService(CollectorSettings, {
  get: {
    access: { permission: 'read', domain: 'required' },
    handle: ({ ctx, domainId, request: { collectorId } }) =>
      getCollectorSettings(ctx, { domainId, collectorId }),
  },
  update: {
    access: { permission: 'write', domain: 'required' },
    handle: ({ ctx, domainId, request, has }) =>
      updateCollectorSettings(
        ctx,
        { domainId, collectorId: request.collectorId },
        {
          overlapPolicy: request.overlapPolicy === '' ? undefined : request.overlapPolicy,
          workerSelector: request.workerSelector,
          maxParallelTasks: has('max_parallel_tasks') ? request.maxParallelTasks : undefined,
        },
      ),
  },
})
