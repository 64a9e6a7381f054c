import { PluginProcess } from '../../gen/gleaner/v1/plugin_process_pb.ts'
import { getPluginLog, type PluginRegistry, pluginProcessEntity } from '../../plugins/index.ts'
import { listEntities, requestEquals } from '../../query/index.ts'
import { implementService, type ServiceImplementation } from '../method.ts'

export function createPluginProcessService({
  registry,
}: {
  readonly registry: PluginRegistry
}): ServiceImplementation {
  return implementService(PluginProcess, {
    list: {
      access: { permission: 'read', domain: 'required' },
      async handle({ ctx, domainId, request, has }) {
        const equals = requestEquals(pluginProcessEntity, request, has)
        const page = await listEntities(ctx, pluginProcessEntity, { domainId, query: request.query, equals })
        return { results: [...page.rows], totalCount: page.totalCount }
      },
    },
    get_log: {
      // As much as it takes to change a plugin: its words are those of whoever wrote it.
      access: { permission: 'write', domain: 'optional' },
      async handle({ ctx, domainId, request: { pluginId, version } }) {
        return {
          domainId,
          pluginId,
          results: await getPluginLog(ctx, registry, { domainId, pluginId, version }),
        }
      },
    },
  })
}
