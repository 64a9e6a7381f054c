import type { Context } from '../../access/index.ts'
import { getEntity } from '../../query/index.ts'
import type { PluginCatalog } from '../catalog.ts'
import type { PluginView } from '../plugin-entity.ts'
import { type LockedPlugin, lockPlugin } from './sql/lock-plugin.ts'

const SET_STATE = 'update plugin set state = $3, updated_at = $4 where domain_id = $1 and plugin_id = $2'

/**
 * Lets collectors run a plugin, or keeps them from it; what runs goes on. Setting the state that is there
 * changes nothing.
 */
export async function setPluginState(
  ctx: Context,
  catalog: PluginCatalog,
  input: { readonly domainId: string; readonly pluginId: string } & Pick<LockedPlugin, 'state'>,
): Promise<PluginView> {
  const { domainId, pluginId, state } = input
  await ctx.db.transaction(async (tx) => {
    const plugin = await lockPlugin(tx, catalog, input)
    if (plugin.state === state) return
    await tx.query(SET_STATE, [domainId, pluginId, state, ctx.now()])
    tx.afterCommit(() => ctx.log.info({ domainId, pluginId, state }, 'plugin state changed'))
  })
  return await getEntity(ctx, catalog.entity, { domainId, id: pluginId })
}
