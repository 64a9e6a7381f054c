import type { Context } from '../access/index.ts'
import { NotFound, RequiredParameter } from '../core/errors.ts'
import { InUse, MAX_NAMED_USERS, type User } from '../core/in-use.ts'
import type { Transaction } from '../storage/index.ts'

type Key = { readonly domainId: string; readonly serviceAccountId: string }

const LOCK_ACCOUNT = 'select from service_account where domain_id = $1 and service_account_id = $2 for update'
const DELETE_ACCOUNT = 'delete from service_account where domain_id = $1 and service_account_id = $2'

const USERS_OF_ACCOUNT = `
select noun, id, name, count(*) over () as total
  from (select 'collector' as noun, collector_id as id, name from collector
         where domain_id = $1 and service_account_id = $2
        union all
        select 'secret', secret_id, name from secret where domain_id = $1 and service_account_id = $2) users
 order by noun, name, id limit ${MAX_NAMED_USERS}`

/** Removes a service account that has no secrets and that no collector names. */
export async function deleteServiceAccount(ctx: Context, { domainId, serviceAccountId }: Key): Promise<void> {
  if (serviceAccountId === '') throw new RequiredParameter('service_account_id')
  await ctx.db.transaction(async (tx) => {
    const rows = await tx.query(LOCK_ACCOUNT, [domainId, serviceAccountId])
    if (rows.length === 0) throw new NotFound('service account', serviceAccountId)
    await assertUnused(tx, { domainId, serviceAccountId })
    await tx.query(DELETE_ACCOUNT, [domainId, serviceAccountId])
  })
  ctx.log.info({ domainId, serviceAccountId }, 'service account deleted')
}

async function assertUnused(tx: Transaction, { domainId, serviceAccountId }: Key): Promise<void> {
  const users = await tx.query<User & { readonly total: number }>(USERS_OF_ACCOUNT, [
    domainId,
    serviceAccountId,
  ])
  if (users.length === 0) return
  const what = `service account '${serviceAccountId}'`
  throw new InUse(
    'ERROR_SERVICE_ACCOUNT_IN_USE',
    what,
    users,
    'Delete its secrets and change the collectors first',
  )
}
