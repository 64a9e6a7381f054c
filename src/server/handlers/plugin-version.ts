import { PluginVersion } from '../../gen/gleaner/v1/plugin_version_pb.ts'
import {
  addPluginVersion,
  getVersionListing,
  type PluginCatalog,
  refreshPluginVersions,
  removePluginVersion,
  type VersionLister,
} from '../../plugins/index.ts'
import { implementService, type ServiceImplementation, WRITE } from '../method.ts'

export function createPluginVersionService(deps: {
  readonly catalog: PluginCatalog
  readonly lister: VersionLister
}): ServiceImplementation {
  const { catalog } = deps
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
    refresh: {
      access: WRITE,
      handle: ({ ctx, domainId, request: { pluginId } }) =>
        refreshPluginVersions(ctx, deps, { domainId, pluginId }),
    },
    get_listing: {
      access: { permission: 'read', domain: 'required' },
      async handle({ ctx, domainId, request: { pluginId } }) {
        const listing = await getVersionListing(ctx, catalog, { domainId, pluginId })
        return { domainId, pluginId, ...listing }
      },
    },
  })
}
