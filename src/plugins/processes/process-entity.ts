import type { MessageInitShape } from '@bufbuild/protobuf'
import {
  PluginProcessInfo_Health,
  PluginProcessInfo_State,
  type PluginProcessInfoSchema,
} from '../../gen/gleaner/v1/plugin_process_pb.ts'
import { type Entity, enumeration, int, text, timestamp } from '../../query/index.ts'

type PluginProcessView = MessageInitShape<typeof PluginProcessInfoSchema>

/**
 * The rows that a domain sees: of its own plugins, as far as the caller sees these, and of those that come
 * with the server. The condition on the domain reaches into both, and rows of server processes that are gone
 * are left out.
 */
const VISIBLE = `(
select d.domain_id, p.plugin_id || ' ' || p.version || ' ' || p.host_id as process_id, p.plugin_id, p.version, p.host_id, p.state,
       p.health, p.image_digest, coalesce(v.first_digest, '') as first_digest, p.started_at,
       coalesce(p.memory_bytes, 0) as memory_bytes, p.connections, p.starts, p.failed_starts, p.deaths, p.failed_at, p.failure_code, p.failure, p.paused_until, p.seen_at
  from domain d
  join plugin_process p on p.domain_id in (d.domain_id, '') and p.seen_at > now() - interval '2 minutes'
  left join plugin_version v on v.domain_id = p.domain_id and v.plugin_id = p.plugin_id and v.version = p.version
 where p.domain_id = ''
    or exists (select 1 from plugin q where q.domain_id = p.domain_id and q.plugin_id = p.plugin_id))`

/** What can be asked about the processes of plugins. */
export const pluginProcessEntity: Entity<PluginProcessView> = {
  noun: 'process of a plugin',
  table: VISIBLE,
  key: 'process_id',
  fields: {
    process_id: text('t.process_id'),
    plugin_id: text('t.plugin_id'),
    version: text('t.version'),
    host_id: text('t.host_id'),
    state: enumeration('t.state', PluginProcessInfo_State),
    health: enumeration('t.health', PluginProcessInfo_Health),
    image_digest: text('t.image_digest'),
    first_digest: text('t.first_digest'),
    started_at: timestamp('t.started_at', { nullable: true }),
    memory_bytes: int('t.memory_bytes'),
    connections: int('t.connections'),
    starts: int('t.starts'),
    failed_starts: int('t.failed_starts'),
    deaths: int('t.deaths'),
    failed_at: timestamp('t.failed_at', { nullable: true }),
    failure_code: text('t.failure_code'),
    failure: text('t.failure'),
    paused_until: timestamp('t.paused_until', { nullable: true }),
    seen_at: timestamp('t.seen_at'),
    domain_id: text('t.domain_id'),
  },
  keywords: ['plugin_id', 'version', 'host_id', 'failure'],
  sort: [{ key: 'plugin_id' }, { key: 'version' }],
  minimal: ['process_id', 'plugin_id', 'version', 'state', 'health'],
  requestFields: { plugin_id: 'plugin_id', version: 'version', state: 'state' },
}
