import { enumToJson, type JsonValue, toJson } from '@bufbuild/protobuf'
import { type ListValue, ListValueSchema } from '@bufbuild/protobuf/wkt'
import {
  type CreatePluginRequest,
  Plugin,
  PublicRegistryTypeSchema,
  type UpdatePluginRequestSchema,
} from '../../gen/spaceone/api/repository/v1/plugin_pb.ts'
import {
  deregisterPlugin,
  getPlugin,
  getPluginVersions,
  listPlugins,
  type NewPlugin,
  type PluginCatalog,
  type PluginRegistry,
  registerPlugin,
  setPluginState,
  type UpdatePluginInput,
  updatePlugin,
  type VersionLister,
} from '../../plugins/index.ts'
import { requestEquals } from '../../query/index.ts'
import { type Call, implementService, READ, type ServiceImplementation, WRITE } from '../method.ts'
import { answerStat } from './stat.ts'

export function createPluginService(deps: {
  readonly catalog: PluginCatalog
  readonly registry: PluginRegistry
  readonly lister: VersionLister
}): ServiceImplementation {
  const { catalog } = deps
  return implementService(Plugin, {
    register: {
      access: WRITE,
      handle: ({ ctx, domainId, request }) => registerPlugin(ctx, deps, toNewPlugin(domainId, request)),
    },
    update: {
      access: WRITE,
      handle: (call) => updatePlugin(call.ctx, catalog, toUpdateInput(call)),
    },
    deregister: {
      access: WRITE,
      async handle({ ctx, domainId, request: { pluginId } }) {
        await deregisterPlugin(ctx, catalog, { domainId, pluginId })
        return {}
      },
    },
    enable: {
      access: WRITE,
      handle: ({ ctx, domainId, request: { pluginId } }) =>
        setPluginState(ctx, catalog, { domainId, pluginId, state: 'ENABLED' }),
    },
    disable: {
      access: WRITE,
      handle: ({ ctx, domainId, request: { pluginId } }) =>
        setPluginState(ctx, catalog, { domainId, pluginId, state: 'DISABLED' }),
    },
    get_versions: {
      access: READ,
      async handle({ ctx, domainId, request: { pluginId, repositoryId } }) {
        const results = await getPluginVersions(ctx, deps, { domainId, pluginId, repositoryId })
        return { results: [...results], version: [...results], totalCount: results.length }
      },
    },
    get: {
      access: READ,
      handle: ({ ctx, domainId, request: { pluginId, repositoryId, only } }) =>
        getPlugin(ctx, catalog, { domainId, pluginId, repositoryId, only }),
    },
    list: {
      access: READ,
      async handle({ ctx, domainId, request, has }) {
        const equals = requestEquals(catalog.entity, request, has)
        const page = await listPlugins(ctx, catalog, { domainId, query: request.query, equals })
        return { results: [...page.rows], totalCount: page.totalCount }
      },
    },
    stat: {
      access: READ,
      handle: (call) =>
        answerStat(call, catalog.entity, requestEquals(catalog.entity, call.request, call.has)),
    },
  })
}

function toNewPlugin(domainId: string, request: CreatePluginRequest): NewPlugin {
  const { name, serviceType, image, provider, registryType, projectId } = request
  const { registryConfig = {}, capability = {}, template = {}, tags = {} } = request
  return {
    domainId,
    name,
    serviceType,
    image,
    provider,
    projectId,
    registryType: String(enumToJson(PublicRegistryTypeSchema, registryType)),
    registryConfig,
    capability,
    template,
    tags,
    labels: toArray(request.labels) ?? [],
  }
}

function toUpdateInput({
  request,
  domainId,
  has,
}: Call<typeof UpdatePluginRequestSchema>): UpdatePluginInput {
  const { pluginId, name, capability, template, tags } = request
  return {
    domainId,
    pluginId,
    name: has('name') ? name : undefined,
    capability,
    template,
    tags,
    labels: toArray(request.labels),
  }
}

function toArray(list: ListValue | undefined): readonly JsonValue[] | undefined {
  if (list === undefined) return undefined
  const json = toJson(ListValueSchema, list)
  return Array.isArray(json) ? json : []
}
