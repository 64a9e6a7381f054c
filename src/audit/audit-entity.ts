import type { MessageInitShape } from '@bufbuild/protobuf'
import { type Context, forbidden, SYSTEM_DOMAIN } from '../access/index.ts'
import type { AuditRecordInfoSchema } from '../gen/gleaner/v1/audit_pb.ts'
import {
  type Entity,
  int,
  type ListInput,
  listEntities,
  type Page,
  text,
  textList,
  timestamp,
} from '../query/index.ts'

type AuditRecordView = MessageInitShape<typeof AuditRecordInfoSchema>

/** What can be asked about the audit. */
export const auditEntity: Entity<AuditRecordView> = {
  noun: 'audit record',
  table: 'listed_audit',
  key: 'seq',
  fields: {
    seq: int('t.seq'),
    recorded_at: timestamp('t.recorded_at'),
    method: text('t.method'),
    role: text('t.role'),
    api_key_id: text('t.api_key_id'),
    ids: textList('t.ids'),
    request_id: text('t.request_id'),
    trace_id: text('t.trace_id'),
    hash: text(`encode(t.hash, 'hex')`),
    domain_id: text(`case when t.chain = '${SYSTEM_DOMAIN}' then '' else t.chain end`),
  },
  keywords: ['method', 'api_key_id', 'ids', 'request_id'],
  sort: [{ key: 'seq', desc: true }],
  minimal: ['seq', 'recorded_at', 'method', 'role', 'api_key_id'],
  requestFields: { method: 'method', api_key_id: 'api_key_id', id: 'ids' },
}

/** Lists who changed what in a domain, or above all of them, newest first unless ordered otherwise. */
export async function listAuditRecords(ctx: Context, input: ListInput): Promise<Page<AuditRecordView>> {
  assertSeesAll(ctx)
  return await listEntities(ctx, auditEntity, { ...input, domainId: chainOf(input.domainId) })
}

/** What belongs to no domain stands in a chain of its own. */
export function chainOf(domainId: string): string {
  return domainId === '' ? SYSTEM_DOMAIN : domainId
}

/** Row-level security would show such a key nothing, which reads as if nothing had happened. */
export function assertSeesAll({ principal }: Context): void {
  if (principal.kind === 'api_key' && principal.projectIds.length > 0)
    throw forbidden('the audit tells of all projects; it takes a key that is bound to none')
}
