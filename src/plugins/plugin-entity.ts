import { fromJson, type MessageInitShape } from '@bufbuild/protobuf'
import { type ListValue, ListValueSchema } from '@bufbuild/protobuf/wkt'
import {
  PluginInfo_State,
  type PluginInfoSchema,
  PublicRegistryType,
} from '../gen/spaceone/api/repository/v1/plugin_pb.ts'
import { document, type Entity, enumeration, object, text, timestamp } from '../query/index.ts'
import type { PluginRecord } from './registry.ts'

export type PluginView = MessageInitShape<typeof PluginInfoSchema>

/** The repositories of this server, by id. */
export const REPOSITORIES = { builtin: 'repo-builtin', local: 'repo-local' } as const

/** What can be asked about plugins: those that come with the server are rows of every domain. */
export function createPluginEntity(builtins: readonly PluginRecord[]): Entity<PluginView> {
  return {
    noun: 'plugin',
    table: `(${REGISTERED} union all ${builtinRows(builtins)})`,
    key: 'plugin_id',
    fields: {
      plugin_id: text('t.plugin_id'),
      name: text('t.name'),
      image: text('t.image'),
      registry_url: text('t.registry_url'),
      state: enumeration('t.state', PluginInfo_State),
      service_type: text('t.service_type'),
      provider: text('t.provider'),
      registry_type: enumeration('t.registry_type', PublicRegistryType),
      registry_config: document('t.registry_config'),
      capability: document('t.capability'),
      template: document('t.template'),
      labels: document('t.labels', { read: toListValue }),
      tags: document('t.tags', { depth: 1 }),
      repository_info: object({
        repository_id: text('t.repository_id'),
        name: text('t.repository_name'),
        repository_type: text('t.repository_type'),
      }),
      project_id: text('t.project_id'),
      domain_id: text('t.domain_id'),
      created_at: timestamp('t.created_at', { nullable: true }),
      updated_at: timestamp('t.updated_at', { nullable: true }),
    },
    keywords: ['plugin_id', 'name', 'provider', 'image'],
    sort: [{ key: 'name' }],
    minimal: ['plugin_id', 'name', 'image', 'state', 'service_type', 'provider', 'registry_type'],
    requestFields: {
      plugin_id: 'plugin_id',
      name: 'name',
      state: 'state',
      service_type: 'service_type',
      provider: 'provider',
      repository_id: 'repository_info.repository_id',
      registry_type: 'registry_type',
    },
  }
}

const REGISTERED = `
select domain_id, plugin_id, name, image, '' as registry_url, state, service_type, provider, registry_type,
       registry_config, capability, template, labels, tags, project_id, created_at, updated_at,
       '${REPOSITORIES.local}' as repository_id, 'Registered here' as repository_name, 'local' as repository_type
  from plugin`

/**
 * The records as rows of each domain. Not stored: another release of the server has others, and several may
 * share a database. The condition on the domain reaches into both sides of the union, so that one domain is
 * looked at.
 */
function builtinRows(builtins: readonly PluginRecord[]): string {
  const rows = builtins.map(({ pluginId, name, image, serviceType, provider, capability, labels }) => ({
    plugin_id: pluginId,
    name,
    image,
    service_type: serviceType,
    provider,
    capability,
    labels,
  }))
  return `
select d.domain_id, b.plugin_id, b.name, b.image, '', 'ENABLED', b.service_type, b.provider, 'NONE_REGISTRY_TYPE',
       '{}'::jsonb, b.capability, '{}'::jsonb, b.labels, '{}'::jsonb, '', null::timestamptz, null::timestamptz,
       '${REPOSITORIES.builtin}', 'With the server', 'builtin'
  from domain d
 cross join jsonb_to_recordset(${literal(JSON.stringify(rows))}::jsonb)
         as b (plugin_id text, name text, image text, service_type text, provider text, capability jsonb, labels jsonb)`
}

// Nothing a caller wrote gets here: the records are those of the program.
function literal(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

function toListValue(stored: unknown): ListValue {
  return fromJson(ListValueSchema, Array.isArray(stored) ? stored : [])
}
