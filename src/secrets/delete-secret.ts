import type { Context } from '../access/index.ts'
import { NotFound, RequiredParameter } from '../core/errors.ts'
import { InUse, MAX_NAMED_USERS, type User } from '../core/in-use.ts'
import type { Transaction } from '../storage/index.ts'

type Key = { readonly domainId: string; readonly secretId: string }

const LOCK_SECRET = 'select from secret where domain_id = $1 and secret_id = $2 for update'

// What names it. A collector that selects it by provider, account or group goes on with the others.
const USERS_OF_SECRET = `
select noun, id, name, count(*) over () as total
  from (select 'collector' as noun, collector_id as id, name from collector
         where domain_id = $1 and secret_id = $2
        union all
        select 'secret group', g.secret_group_id, g.name
          from secret_group_member m
          join secret_group g on g.domain_id = m.domain_id and g.secret_group_id = m.secret_group_id
         where m.domain_id = $1 and m.secret_id = $2) users
 order by noun, name, id limit ${MAX_NAMED_USERS}`

/** Removes a secret and its data. What was collected with it stays, and who opened it stays written down. */
export async function deleteSecret(ctx: Context, { domainId, secretId }: Key): Promise<void> {
  if (secretId === '') throw new RequiredParameter('secret_id')
  await ctx.db.transaction(async (tx) => {
    const rows = await tx.query(LOCK_SECRET, [domainId, secretId])
    if (rows.length === 0) throw new NotFound('secret', secretId)
    await assertUnused(tx, { domainId, secretId })
    await tx.query('delete from secret where domain_id = $1 and secret_id = $2', [domainId, secretId])
  })
  ctx.log.info({ domainId, secretId }, 'secret deleted')
}

async function assertUnused(tx: Transaction, { domainId, secretId }: Key): Promise<void> {
  const users = await tx.query<User & { readonly total: number }>(USERS_OF_SECRET, [domainId, secretId])
  if (users.length === 0) return
  const advice = 'Take it out of its groups, and let the collectors select others, first'
  throw new InUse('ERROR_SECRET_IN_USE', `secret '${secretId}'`, users, advice)
}
