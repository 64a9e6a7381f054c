import type { MessageInitShape } from '@bufbuild/protobuf'
import type { Context } from '../access/index.ts'
import type { SecretOpeningInfoSchema } from '../gen/gleaner/v1/secret_opening_pb.ts'
import { type Entity, int, type ListInput, listEntities, type Page, text, timestamp } from '../query/index.ts'

type SecretOpeningView = MessageInitShape<typeof SecretOpeningInfoSchema>

/** What can be asked about openings of secrets. */
export const secretOpeningEntity: Entity<SecretOpeningView> = {
  noun: 'opening of a secret',
  table: 'secret_opening',
  key: 'seq',
  fields: {
    seq: int('t.seq'),
    secret_id: text('t.secret_id'),
    data_version: int('t.data_version'),
    collector_id: text('t.collector_id'),
    job_task_id: text('t.job_task_id'),
    attempt: int('t.attempt'),
    request_id: text('t.request_id'),
    opened_at: timestamp('t.opened_at'),
    domain_id: text('t.domain_id'),
  },
  keywords: ['secret_id', 'collector_id', 'job_task_id', 'request_id'],
  sort: [{ key: 'opened_at', desc: true }],
  minimal: ['seq', 'secret_id', 'collector_id', 'job_task_id', 'opened_at'],
  requestFields: { secret_id: 'secret_id', collector_id: 'collector_id', job_task_id: 'job_task_id' },
}

/** Lists who opened which secret, newest first unless ordered otherwise. */
export async function listSecretOpenings(ctx: Context, input: ListInput): Promise<Page<SecretOpeningView>> {
  return await listEntities(ctx, secretOpeningEntity, input)
}
