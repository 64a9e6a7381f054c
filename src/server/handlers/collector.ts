import {
  type CreateCollectorInput,
  collect,
  collectorEntity,
  createCollector,
  deleteCollector,
  getCollector,
  listCollectors,
  type PluginInput,
} from '../../collectors/index.ts'
import {
  Collector,
  type CreateCollectorRequest,
  type CreateCollectorRequestSchema,
  type PluginInfo,
  PluginInfo_UpgradeMode,
} from '../../gen/spaceone/api/inventory/v1/collector_pb.ts'
import type { TaskQueue } from '../../jobs/index.ts'
import type { PluginHost, PluginRegistry } from '../../plugins/index.ts'
import { requestEquals } from '../../query/index.ts'
import { type AccessPolicy, type Call, implementService, type ServiceImplementation } from '../method.ts'
import { answerStat } from './stat.ts'

export type CollectorServiceDeps = {
  readonly registry: PluginRegistry
  readonly plugins: PluginHost
  readonly queue: TaskQueue
}

const READ: AccessPolicy = { permission: 'read', domain: 'required' }
const WRITE: AccessPolicy = { permission: 'write', domain: 'required' }
const RUN: AccessPolicy = { permission: 'run', domain: 'required' }

export function createCollectorService(deps: CollectorServiceDeps): ServiceImplementation {
  return implementService(Collector, {
    create: {
      access: WRITE,
      handle: (call) => createCollector(call.ctx, deps, toCreateInput(call)),
    },
    get: {
      access: READ,
      handle: ({ ctx, domainId, request }) =>
        getCollector(ctx, { domainId, collectorId: request.collectorId, only: request.only }),
    },
    list: {
      access: READ,
      async handle({ ctx, domainId, request, has }) {
        const equals = requestEquals(collectorEntity, request, has)
        const page = await listCollectors(ctx, { domainId, query: request.query, equals })
        return { results: [...page.rows], totalCount: page.totalCount }
      },
    },
    stat: { access: READ, handle: (call) => answerStat(call, collectorEntity) },
    delete: {
      access: WRITE,
      async handle({ ctx, domainId, request }) {
        await deleteCollector(ctx, { domainId, collectorId: request.collectorId })
        return {}
      },
    },
    collect: {
      access: RUN,
      handle: ({ ctx, domainId, request }) =>
        collect(ctx, deps, {
          domainId,
          collectorId: request.collectorId,
          filter: request.filter ?? {},
          secretId: request.secretId,
          collectMode: request.collectMode,
        }),
    },
  })
}

function toCreateInput(call: Call<typeof CreateCollectorRequestSchema>): CreateCollectorInput {
  const request: CreateCollectorRequest = call.request
  return {
    domainId: call.domainId,
    name: request.name,
    // Only REST can say 0 and false; over gRPC they are what an absent field looks like.
    priority: call.has('priority') ? request.priority : undefined,
    isPublic: call.has('is_public') ? request.isPublic : undefined,
    projectId: request.projectId,
    tags: request.tags ?? {},
    plugin: request.pluginInfo === undefined ? undefined : toPluginInput(request.pluginInfo),
  }
}

function toPluginInput(info: PluginInfo): PluginInput {
  const { pluginId, version, options = {}, metadata = {}, upgradeMode } = info
  const { secretId, secretGroupId, provider, serviceAccountId } = info
  return {
    pluginId,
    version,
    options,
    metadata,
    upgradeMode: UPGRADE_MODES.get(upgradeMode),
    selection: { secretId, secretGroupId, provider, serviceAccountId },
  }
}

const UPGRADE_MODES = new Map<PluginInfo['upgradeMode'], 'AUTO' | 'MANUAL'>([
  [PluginInfo_UpgradeMode.AUTO, 'AUTO'],
  [PluginInfo_UpgradeMode.MANUAL, 'MANUAL'],
])
