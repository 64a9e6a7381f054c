import { PluginVersion } from '../../gen/gleaner/v1/plugin_version_pb.ts'
import { addPluginVersion, type PluginCatalog, removePluginVersion } from '../../plugins/index.ts'
import { type AccessPolicy, implementService, type ServiceImplementation } from '../method.ts'

const WRITE: AccessPolicy = { permission: 'write', domain: 'required' }

export function createPluginVersionService({
  catalog,
}: {
  readonly catalog: PluginCatalog
}): ServiceImplementation {
  return implementService(PluginVersion, {
    add: {
      access: WRITE,
      async handle({ ctx, domainId, request: { pluginId, version } }) {
        await addPluginVersion(ctx, catalog, { domainId, pluginId, version })
        return { domainId, pluginId, version }
      },
    },
    remove: {
      access: WRITE,
      async handle({ ctx, domainId, request: { pluginId, version } }) {
        await removePluginVersion(ctx, catalog, { domainId, pluginId, version })
        return {}
      },
    },
  })
}
