import type { CreateCollectorInput, PluginInput, UpdateCollectorInput } from '../../collectors/index.ts'
import {
  type CreateCollectorRequestSchema,
  type PluginInfo,
  PluginInfo_UpgradeMode,
  type UpdateCollectorRequestSchema,
  type UpdatePluginRequestSchema,
} from '../../gen/spaceone/api/inventory/v1/collector_pb.ts'
import type { Call } from '../method.ts'

// Only REST can say 0, false and ''; over gRPC they are what an absent field looks like.

/** What a request says of a new collector. */
export function toCreateInput({
  request,
  domainId,
  has,
}: Call<typeof CreateCollectorRequestSchema>): CreateCollectorInput {
  return {
    domainId,
    name: request.name,
    priority: has('priority') ? request.priority : undefined,
    isPublic: has('is_public') ? request.isPublic : undefined,
    projectId: request.projectId,
    tags: request.tags ?? {},
    plugin: request.pluginInfo === undefined ? undefined : toPluginInput(request.pluginInfo),
  }
}

/** What a request changes in a collector: exactly what it names. */
export function toUpdateInput({
  request,
  domainId,
  has,
}: Call<typeof UpdateCollectorRequestSchema>): UpdateCollectorInput {
  const { collectorId, name, priority, tags, pluginInfo } = request
  return {
    domainId,
    collectorId,
    changes: {
      name: has('name') ? name : undefined,
      priority: has('priority') ? priority : undefined,
      tags,
      plugin: pluginInfo === undefined ? undefined : toPluginChanges(pluginInfo, has),
    },
  }
}

/** What a request changes in a collector's plugin; the plugin is asked even when it names nothing. */
export function toUpdatePluginInput({
  request,
  domainId,
  has,
}: Call<typeof UpdatePluginRequestSchema>): UpdateCollectorInput {
  const { collectorId, version, options, upgradeMode } = request
  return {
    domainId,
    collectorId,
    changes: {
      plugin: {
        version: has('version') ? version : undefined,
        options,
        upgradeMode: UPGRADE_MODES.get(upgradeMode),
      },
    },
    describeAlways: true,
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

function toPluginChanges(
  info: PluginInfo,
  has: (path: string) => boolean,
): NonNullable<UpdateCollectorInput['changes']['plugin']> {
  const { pluginId, version, options, metadata, upgradeMode } = info
  const { secretId, secretGroupId, provider, serviceAccountId } = info
  return {
    pluginId,
    version: has('plugin_info.version') ? version : undefined,
    options,
    metadata,
    upgradeMode: UPGRADE_MODES.get(upgradeMode),
    selection: {
      ...(has('plugin_info.secret_id') && { secretId }),
      ...(has('plugin_info.secret_group_id') && { secretGroupId }),
      ...(has('plugin_info.provider') && { provider }),
      ...(has('plugin_info.service_account_id') && { serviceAccountId }),
    },
  }
}

// The contract declares the mode twice, with the same numbers.
const UPGRADE_MODES = new Map<number, 'AUTO' | 'MANUAL'>([
  [PluginInfo_UpgradeMode.AUTO, 'AUTO'],
  [PluginInfo_UpgradeMode.MANUAL, 'MANUAL'],
])
