import type { Context } from '../access/index.ts'
import { NotFound, RequiredParameter } from '../core/errors.ts'
import { InUse, MAX_NAMED_USERS, type User } from '../core/in-use.ts'
import type { Transaction } from '../storage/index.ts'

type Key = { readonly domainId: string; readonly secretGroupId: string }

const LOCK_GROUP = 'select from secret_group where domain_id = $1 and secret_group_id = $2 for update'
const DELETE_GROUP = 'delete from secret_group where domain_id = $1 and secret_group_id = $2'

const USERS_OF_GROUP = `
select 'collector' as noun, collector_id as id, name, count(*) over () as total
  from collector where domain_id = $1 and secret_group_id = $2
 order by name, collector_id limit ${MAX_NAMED_USERS}`

/** Removes a secret group that no collector names; its secrets stay. */
export async function deleteSecretGroup(ctx: Context, { domainId, secretGroupId }: Key): Promise<void> {
  if (secretGroupId === '') throw new RequiredParameter('secret_group_id')
  await ctx.db.transaction(async (tx) => {
    const rows = await tx.query(LOCK_GROUP, [domainId, secretGroupId])
    if (rows.length === 0) throw new NotFound('secret group', secretGroupId)
    await assertUnused(tx, { domainId, secretGroupId })
    await tx.query(DELETE_GROUP, [domainId, secretGroupId])
  })
  ctx.log.info({ domainId, secretGroupId }, 'secret group deleted')
}

async function assertUnused(tx: Transaction, { domainId, secretGroupId }: Key): Promise<void> {
  const users = await tx.query<User & { readonly total: number }>(USERS_OF_GROUP, [domainId, secretGroupId])
  if (users.length === 0) return
  const what = `secret group '${secretGroupId}'`
  throw new InUse('ERROR_SECRET_GROUP_IN_USE', what, users, 'Let the collectors select others first')
}
