import type { Context } from '../../access/index.ts'
import { FailedPrecondition } from '../../core/errors.ts'
import type { Transaction } from '../../storage/index.ts'
import type { PluginCatalog } from '../catalog.ts'
import { lockPlugin } from './sql/lock-plugin.ts'

type Key = { readonly domainId: string; readonly pluginId: string }

/** Removes a plugin and its versions from a domain, unless a collector runs it. */
export async function deregisterPlugin(ctx: Context, catalog: PluginCatalog, input: Key): Promise<void> {
  const { domainId, pluginId } = input
  await ctx.db.transaction(async (tx) => {
    await lockPlugin(tx, catalog, input)
    await assertUnused(tx, input)
    await tx.query('delete from plugin where domain_id = $1 and plugin_id = $2', [domainId, pluginId])
  })
  ctx.log.info({ domainId, pluginId }, 'plugin deregistered')
}

/** How many collectors an error names; the rest are counted. */
const MAX_NAMED = 5

const COLLECTORS_OF_PLUGIN = `
select name, collector_id, count(*) over () as total
  from collector where domain_id = $1 and plugin_id = $2 order by name, collector_id limit ${MAX_NAMED}`

async function assertUnused(tx: Transaction, { domainId, pluginId }: Key): Promise<void> {
  const users = await tx.query<CollectorRow>(COLLECTORS_OF_PLUGIN, [domainId, pluginId])
  const total = users[0]?.total ?? 0
  if (total === 0) return
  const named = users.map(({ name, collectorId }) => `'${name}' (${collectorId})`).join(', ')
  const others = total > users.length ? ` and ${total - users.length} more` : ''
  throw new FailedPrecondition(
    'ERROR_PLUGIN_IN_USE',
    `plugin '${pluginId}' is run by ${named}${others}, so it was not removed. Delete these collectors first, or disable the plugin`,
  )
}

type CollectorRow = { readonly name: string; readonly collectorId: string; readonly total: number }
