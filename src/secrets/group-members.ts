import type { Context } from '../access/index.ts'
import { AlreadyExists, NotFound, RequiredParameter } from '../core/errors.ts'
import { assertNoViolations } from '../core/violations.ts'
import { getEntity } from '../query/index.ts'
import { type SecretView, secretEntity } from './secret-entity.ts'
import { type SecretGroupView, secretGroupEntity } from './secret-group-entity.ts'
import { NO_SELECTION } from './selection.ts'
import { selectionViolations } from './selection-violations.ts'

export type GroupMember = {
  readonly domainId: string
  readonly secretGroupId: string
  readonly secretId: string
}

const ADD_MEMBER = `
insert into secret_group_member (domain_id, secret_group_id, secret_id, added_at) values ($1, $2, $3, $4)
on conflict do nothing returning secret_id`

/** Puts a secret into a group: the next run of a collector that names the group uses it. */
export async function addSecretToGroup(
  ctx: Context,
  member: GroupMember,
): Promise<{ readonly group: SecretGroupView; readonly secret: SecretView }> {
  const { domainId, secretGroupId, secretId } = member
  assertNoViolations(missingIds(member))
  await ctx.db.transaction(async (tx) => {
    assertNoViolations(await selectionViolations(tx, domainId, { ...NO_SELECTION, secretGroupId, secretId }))
    const rows = await tx.query(ADD_MEMBER, [domainId, secretGroupId, secretId, ctx.now()])
    if (rows.length > 0) return
    throw new AlreadyExists(`secret '${secretId}' is in secret group '${secretGroupId}' already`)
  })
  ctx.log.info({ domainId, secretGroupId, secretId }, 'secret added to group')
  return {
    group: await getEntity(ctx, secretGroupEntity, { domainId, id: secretGroupId }),
    secret: await getEntity(ctx, secretEntity, { domainId, id: secretId }),
  }
}

const REMOVE_MEMBER = `
delete from secret_group_member where domain_id = $1 and secret_group_id = $2 and secret_id = $3
returning secret_id`

/** Takes a secret out of a group. */
export async function removeSecretFromGroup(ctx: Context, member: GroupMember): Promise<void> {
  const { domainId, secretGroupId, secretId } = member
  assertNoViolations(missingIds(member))
  const rows = await ctx.db.query(REMOVE_MEMBER, [domainId, secretGroupId, secretId])
  if (rows.length === 0) throw new NotFound(`secret in secret group '${secretGroupId}'`, secretId)
  ctx.log.info({ domainId, secretGroupId, secretId }, 'secret removed from group')
}

function missingIds({ secretGroupId, secretId }: GroupMember): RequiredParameter[] {
  return [
    ...(secretGroupId === '' ? [new RequiredParameter('secret_group_id')] : []),
    ...(secretId === '' ? [new RequiredParameter('secret_id')] : []),
  ]
}
