import { type CreateCollectorDeps, getPluginDescription } from '../../collectors/index.ts'
import { PluginDescription } from '../../gen/gleaner/v1/plugin_description_pb.ts'
import { implementService, type ServiceImplementation } from '../method.ts'

/** It starts the plugin as creating a collector does, and so takes what that takes. */
export function createPluginDescriptionService(deps: CreateCollectorDeps): ServiceImplementation {
  return implementService(PluginDescription, {
    get: {
      access: { permission: 'write', domain: 'required' },
      handle: ({ ctx, domainId, request: { pluginId, version } }) =>
        getPluginDescription(ctx, deps, { domainId, pluginId, version }),
    },
  })
}
