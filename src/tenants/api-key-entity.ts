import type { MessageInitShape } from '@bufbuild/protobuf'
import { SYSTEM_DOMAIN } from '../access/index.ts'
import { ApiKeyInfo_Role, ApiKeyInfo_State, type ApiKeyInfoSchema } from '../gen/gleaner/v1/api_key_pb.ts'
import { type Entity, enumeration, text, textList, timestamp } from '../query/index.ts'

export type ApiKeyView = MessageInitShape<typeof ApiKeyInfoSchema>

/** What can be asked about API keys. Their hashes are no field. */
export const apiKeyEntity: Entity<ApiKeyView> = {
  noun: 'API key',
  table: 'api_key',
  key: 'api_key_id',
  fields: {
    api_key_id: text('t.api_key_id'),
    name: text('t.name'),
    state: enumeration('t.state', ApiKeyInfo_State),
    role: enumeration('t.role', ApiKeyInfo_Role),
    projects: textList('t.projects'),
    hint: text('t.hint'),
    domain_id: text(`case when t.domain_id = '${SYSTEM_DOMAIN}' then '' else t.domain_id end`),
    created_at: timestamp('t.created_at'),
    expires_at: timestamp('t.expires_at', { nullable: true }),
    last_used_at: timestamp('t.last_used_at', { nullable: true }),
  },
  keywords: ['api_key_id', 'name', 'hint'],
  sort: [{ key: 'created_at', desc: true }],
  minimal: ['api_key_id', 'name', 'state', 'role'],
  requestFields: { name: 'name', state: 'state' },
}
