import type { Context } from '../access/index.ts'
import { NotFound, RequiredParameter } from '../core/errors.ts'
import { InUse, MAX_NAMED_USERS, type User } from '../core/in-use.ts'
import type { Transaction } from '../storage/index.ts'

type Key = { readonly domainId: string; readonly projectId: string }

// For update, so that whoever is about to store a reference to it comes before or after, never at the same
// time.
const LOCK_PROJECT = 'select from project where domain_id = $1 and project_id = $2 for update'

// Everything that stores a project's id except what was collected, which keeps it as a word.
const USERS_OF_PROJECT = `
select noun, id, name, count(*) over () as total
  from (select 'collector' as noun, collector_id as id, name from collector
         where domain_id = $1 and project_id = $2
        union all
        select 'secret', secret_id, name from secret where domain_id = $1 and project_id = $2
        union all
        select 'service account', service_account_id, name from service_account
         where domain_id = $1 and project_id = $2
        union all
        select 'plugin', plugin_id, name from plugin where domain_id = $1 and project_id = $2) users
 order by noun, name, id limit ${MAX_NAMED_USERS}`

/** Removes a project that nothing belongs to any more; resources keep its id. */
export async function deleteProject(ctx: Context, { domainId, projectId }: Key): Promise<void> {
  if (projectId === '') throw new RequiredParameter('project_id')
  await ctx.db.transaction(async (tx) => {
    const rows = await tx.query(LOCK_PROJECT, [domainId, projectId])
    if (rows.length === 0) throw new NotFound('project', projectId)
    await assertUnused(tx, { domainId, projectId })
    await tx.query('delete from project where domain_id = $1 and project_id = $2', [domainId, projectId])
  })
  ctx.log.info({ domainId, projectId }, 'project deleted')
}

async function assertUnused(tx: Transaction, { domainId, projectId }: Key): Promise<void> {
  const users = await tx.query<User & { readonly total: number }>(USERS_OF_PROJECT, [domainId, projectId])
  if (users.length === 0) return
  throw new InUse('ERROR_PROJECT_IN_USE', `project '${projectId}'`, users, 'Move or delete them first')
}
