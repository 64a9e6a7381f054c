import { definePlugin, type KnownCell, PluginError } from '@gleaner/sdk'
import { assertAllSettingsShown, assertMaySee } from './assert-may-see.ts'
import { type Context, OPTIONS, SECRET, withClient } from './connect.ts'
import { CLUSTER, DATABASES, EXTENSIONS, ROLES, SCHEMAS, SETTINGS, TABLES } from './queries.ts'
import { RESOURCE_TYPES } from './resource-types.ts'
import { type Row, regionOf, toFields } from './to-fields.ts'

const OF_CLUSTER = ['database', 'role', 'setting'] as const
const OF_DATABASE = ['schema', 'table', 'extension'] as const
const QUERIES = {
  database: DATABASES,
  role: ROLES,
  setting: SETTINGS,
  schema: SCHEMAS,
  table: TABLES,
  extension: EXTENSIONS,
}

/** What one PostgreSQL server holds: no data, only what there is. */
export default definePlugin({
  name: 'postgresql',
  version: '0.1.0',
  provider: 'postgresql',
  options: OPTIONS,
  secret: SECRET,
  features: ['garbage_collection'],
  schedules: ['hours', 'interval', 'cron'],
  resourceTypes: RESOURCE_TYPES,

  async verify(ctx) {
    await readCluster(ctx)
    await assertMaySee(ctx)
  },

  async *scopes(ctx) {
    const account = await readCluster(ctx)
    for (const type of OF_CLUSTER) yield { type, account }
    for (const { allows_connections: isOpen, name } of await readRows(ctx, 'database', ctx.options.database))
      if (isOpen) for (const type of OF_DATABASE) yield { type, account, regionCode: regionOf(account, name) }
  },

  async *collect(ctx) {
    const account = await readCluster(ctx)
    async function* ofCluster(type: (typeof OF_CLUSTER)[number]) {
      const rows = await readRows(ctx, type, ctx.options.database)
      yield rows.map((row) => ctx.cloudService(type, toFields(type, account, row)))
      if (type === 'setting') await assertAllSettingsShown(ctx)
    }
    async function* ofDatabase(type: (typeof OF_DATABASE)[number], database: string) {
      const rows = await readRows(ctx, type, database).catch((error) => assertDropped(ctx, database, error))
      yield rows.map((row) => ctx.cloudService(type, toFields(type, account, row, database)))
    }
    for (const type of OF_CLUSTER) yield* ctx.list({ type, account }, ofCluster(type))

    const databases = await readRows(ctx, 'database', ctx.options.database)
    for (const [index, { allows_connections: isOpen, name }] of databases.entries()) {
      const regionCode = regionOf(account, name)
      if (isOpen) yield ctx.region({ regionCode, name })
      // One that lets nobody in at all still holds what it held, so that nothing is said of it.
      for (const type of isOpen ? OF_DATABASE : [])
        yield* ctx.list({ type, account, regionCode }, ofDatabase(type, name))
      yield ctx.progress({ done: index + 1, total: databases.length, message: name })
    }
    for (const regionCode of goneRegions(ctx.known, account, databases))
      for (const type of OF_DATABASE) yield ctx.complete({ type, account, regionCode })
  },
})

/**
 * Where something was found in a database that the cluster has no longer, and with it nothing of what was in
 * there.
 */
function goneRegions(known: readonly KnownCell[], account: string, databases: readonly Row[]): Set<string> {
  const found = known.flatMap((cell) => (cell.account === account ? cell.regionCode : []))
  const gone = new Set(found.filter((regionCode) => regionCode.startsWith(`${account}/`)))
  for (const { name } of databases) gone.delete(regionOf(account, name))
  return gone
}

/** The id of the cluster, which is the account of everything in it. */
async function readCluster(ctx: Context): Promise<string> {
  return withClient(ctx, ctx.options.database, async (client) => {
    const { rows } = await client.query<{ id: string }>(CLUSTER)
    return `cluster-${rows[0]?.id ?? ''}`
  })
}

/**
 * A database that was dropped since the list of them was read holds nothing. Only that list says so: a
 * pooler, too, answers that there is no such database, about every one it does not know.
 */
async function assertDropped(ctx: Context, database: string, error: unknown): Promise<readonly Row[]> {
  if (!(error instanceof PluginError) || error.status !== 'NOT_FOUND') throw error
  const databases = await readRows(ctx, 'database', ctx.options.database)
  if (databases.some(({ name }) => name === database)) throw error
  return []
}

async function readRows(ctx: Context, type: keyof typeof QUERIES, database: string): Promise<readonly Row[]> {
  const values = type === 'setting' ? [ctx.options.all_settings] : []
  return withClient(ctx, database, async (client) => (await client.query<Row>(QUERIES[type], values)).rows)
}
