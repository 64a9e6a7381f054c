import type { Context } from '../access/index.ts'
import { FailedPrecondition, NotFound } from '../core/errors.ts'
import type { Transaction } from '../storage/index.ts'
import { KEPT, TRACES } from './domain-tables.ts'

/** Deleted resources stay for their history; they are traces as well. */
const DELETED_RESOURCES = `delete from cloud_service where domain_id = $1 and state = 'DELETED'`

/**
 * Removes a domain that holds nothing, with the traces of what it held. While it holds anything it is
 * refused, saying what.
 */
export async function deleteDomain(ctx: Context, { domainId }: { readonly domainId: string }): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    // Whoever adds something to the domain holds its row by a foreign key, and waits or is waited for.
    const [row] = await tx.query('select 1 from domain where domain_id = $1 for update', [domainId])
    if (row === undefined) throw new NotFound('domain', domainId)
    await assertHoldsNothing(tx, domainId)
    await tx.query(DELETED_RESOURCES, [domainId])
    for (const table of TRACES) await tx.query(`delete from ${table} where domain_id = $1`, [domainId])
    await tx.query('delete from domain where domain_id = $1', [domainId])
  })
  ctx.log.info({ domainId }, 'domain deleted')
}

async function assertHoldsNothing(tx: Transaction, domainId: string): Promise<void> {
  const tables = await tx.query<{ name: string }>(TENANT_TABLES, [[...TRACES, ...KEPT, 'domain']])
  const held: string[] = []
  for (const { name } of tables) {
    const isLive = name === 'cloud_service' ? ` and state <> 'DELETED'` : ''
    const [row] = await tx.query<{ count: number }>(
      `select count(*) as count from (select from "${name}" where domain_id = $1${isLive} limit 1000) h`,
      [domainId],
    )
    const count = row?.count ?? 0
    if (count > 0) held.push(`${count >= 1_000 ? '1000 or more' : count} of ${name.replaceAll('_', ' ')}`)
  }
  if (held.length === 0) return
  throw new FailedPrecondition(
    'ERROR_DOMAIN_IN_USE',
    `domain '${domainId}' still holds ${held.join(', ')}. Nothing was deleted. Delete these first`,
  )
}

// Every table that holds rows of domains, whichever release added it.
const TENANT_TABLES = `
  select c.relname as name from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attname = 'domain_id'
  where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and c.relname <> all ($1) order by 1`
