import type { JsonObject } from '@bufbuild/protobuf'
import type { Context } from '../access/index.ts'
import { documentViolations } from '../core/document-violations.ts'
import { NotFound, RequiredParameter } from '../core/errors.ts'
import { nameViolations } from '../core/field-violations.ts'
import { newId } from '../core/ids.ts'
import { assertNoViolations } from '../core/violations.ts'
import { getEntity } from '../query/index.ts'
import { type SecretGroupView, secretGroupEntity } from './secret-group-entity.ts'

export type CreateSecretGroupInput = {
  readonly domainId: string
  readonly name: string
  readonly tags: JsonObject
}

const INSERT_GROUP = `
insert into secret_group (domain_id, secret_group_id, name, tags, created_at) values ($1, $2, $3, $4, $5)`

/** Adds an empty secret group. */
export async function createSecretGroup(
  ctx: Context,
  { domainId, name, tags }: CreateSecretGroupInput,
): Promise<SecretGroupView> {
  assertNoViolations([...nameViolations(name), ...documentViolations('tags', tags)])
  const secretGroupId = newId('secretGroup')
  await ctx.db.query(INSERT_GROUP, [domainId, secretGroupId, name, JSON.stringify(tags), ctx.now()])
  ctx.log.info({ domainId, secretGroupId }, 'secret group created')
  return await getEntity(ctx, secretGroupEntity, { domainId, id: secretGroupId })
}

/** Undefined keeps what is there. */
export type UpdateSecretGroupInput = {
  readonly domainId: string
  readonly secretGroupId: string
  readonly name: string | undefined
  readonly tags: JsonObject | undefined
}

const UPDATE_GROUP = `
update secret_group set name = coalesce($3, name), tags = coalesce($4, tags)
 where domain_id = $1 and secret_group_id = $2 returning secret_group_id`

/** Changes name or tags of a secret group. */
export async function updateSecretGroup(
  ctx: Context,
  { domainId, secretGroupId, name, tags }: UpdateSecretGroupInput,
): Promise<SecretGroupView> {
  assertNoViolations([
    ...(secretGroupId === '' ? [new RequiredParameter('secret_group_id')] : []),
    ...(name === undefined ? [] : nameViolations(name)),
    ...(tags === undefined ? [] : documentViolations('tags', tags)),
  ])
  const params = [domainId, secretGroupId, name ?? null, tags === undefined ? null : JSON.stringify(tags)]
  const rows = await ctx.db.query(UPDATE_GROUP, params)
  if (rows.length === 0) throw new NotFound('secret group', secretGroupId)
  ctx.log.info({ domainId, secretGroupId }, 'secret group changed')
  return await getEntity(ctx, secretGroupEntity, { domainId, id: secretGroupId })
}
