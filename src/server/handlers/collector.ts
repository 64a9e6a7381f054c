import {
  collect,
  collectorEntity,
  createCollector,
  deleteCollector,
  getCollector,
  listCollectors,
  setCollectorState,
  updateCollector,
  verifyPlugin,
} from '../../collectors/index.ts'
import { Collector } from '../../gen/spaceone/api/inventory/v1/collector_pb.ts'
import type { TaskQueue } from '../../jobs/index.ts'
import type { PluginHost, PluginRegistry } from '../../plugins/index.ts'
import { requestEquals } from '../../query/index.ts'
import type { ScheduleSettings } from '../../schedules/index.ts'
import type { Keyring } from '../../secrets/index.ts'
import { implementService, READ, RUN, type ServiceImplementation, WRITE } from '../method.ts'
import { toCreateInput, toUpdateInput, toUpdatePluginInput } from './collector-requests.ts'
import { scheduleMethods } from './collector-schedules.ts'
import { answerStat } from './stat.ts'

type CollectorServiceDeps = {
  readonly registry: PluginRegistry
  readonly plugins: PluginHost
  readonly queue: TaskQueue
  readonly keyring: Keyring
  readonly schedules: ScheduleSettings
}

export function createCollectorService(deps: CollectorServiceDeps): ServiceImplementation {
  return implementService(Collector, {
    ...scheduleMethods(deps.schedules),
    create: {
      access: WRITE,
      handle: (call) => createCollector(call.ctx, deps, toCreateInput(call)),
    },
    update: {
      access: WRITE,
      handle: (call) => updateCollector(call.ctx, deps, toUpdateInput(call)),
    },
    update_plugin: {
      access: WRITE,
      handle: (call) => updateCollector(call.ctx, deps, toUpdatePluginInput(call)),
    },
    verify_plugin: {
      access: RUN,
      async handle({ ctx, domainId, request: { collectorId, secretId } }) {
        await verifyPlugin(ctx, deps, { domainId, collectorId, secretId })
        return {}
      },
    },
    enable: {
      access: WRITE,
      handle: ({ ctx, domainId, request: { collectorId } }) =>
        setCollectorState(ctx, { domainId, collectorId, state: 'ENABLED' }),
    },
    disable: {
      access: WRITE,
      handle: ({ ctx, domainId, request: { collectorId } }) =>
        setCollectorState(ctx, { domainId, collectorId, state: 'DISABLED' }),
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
          useCache: request.useCache,
        }),
    },
  })
}
