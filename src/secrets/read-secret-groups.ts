import type { Context } from '../access/index.ts'
import { RequiredParameter } from '../core/errors.ts'
import { tooLong } from '../core/field-violations.ts'
import { assertNoViolations } from '../core/violations.ts'
import { getEntity, type ListInput, listEntities, type Page } from '../query/index.ts'
import { type SecretGroupView, secretGroupEntity } from './secret-group-entity.ts'

type ListSecretGroupsInput = ListInput & {
  /** Only groups that this secret is in; '' for all. */
  readonly secretId: string
}

const GROUPS_OF_SECRET = `
select secret_group_id from secret_group_member
 where domain_id = $1 and secret_id = $2 and ($3 = '' or secret_group_id = $3)`

/** Lists secret groups, by name unless ordered otherwise. */
export async function listSecretGroups(
  ctx: Context,
  { secretId, ...input }: ListSecretGroupsInput,
): Promise<Page<SecretGroupView>> {
  const { domainId, equals = {} } = input
  const wanted = typeof equals.secret_group_id === 'string' ? equals.secret_group_id : ''
  assertNoViolations([...tooLong('secret_id', secretId, 40), ...tooLong('secret_group_id', wanted, 40)])
  if (secretId === '') return await listEntities(ctx, secretGroupEntity, input)
  const rows = await ctx.db.query<{ secretGroupId: string }>(GROUPS_OF_SECRET, [domainId, secretId, wanted])
  const ids = rows.map(({ secretGroupId }) => secretGroupId)
  return await listEntities(ctx, secretGroupEntity, { ...input, equals: { ...equals, secret_group_id: ids } })
}

/** Reads one secret group; an unknown id is NOT_FOUND. */
export async function getSecretGroup(
  ctx: Context,
  input: { readonly domainId: string; readonly secretGroupId: string; readonly only?: readonly string[] },
): Promise<SecretGroupView> {
  if (input.secretGroupId === '') throw new RequiredParameter('secret_group_id')
  return await getEntity(ctx, secretGroupEntity, { ...input, id: input.secretGroupId })
}
