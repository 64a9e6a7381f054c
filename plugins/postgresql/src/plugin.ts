import { definePlugin } from '@gleaner/sdk'
import { assertAllSettingsShown, assertMaySee } from './assert-may-see.ts'
import { type Context, OPTIONS, SECRET, withClient } from './connect.ts'
import { CLUSTER, DATABASES, EXTENSIONS, ROLES, SCHEMAS, SETTINGS, TABLES } from './queries.ts'
import { RESOURCE_TYPES } from './resource-types.ts'
import { type Row, toFields } from './to-fields.ts'

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
    for (const type of [...OF_CLUSTER, ...OF_DATABASE]) yield { type, account }
  },

  async *collect(ctx) {
    const account = await readCluster(ctx)
    const read = (type: keyof typeof QUERIES, database: string) => readRows(ctx, type, database)
    async function* ofCluster(type: (typeof OF_CLUSTER)[number]) {
      const rows = await read(type, ctx.options.database)
      yield rows.map((row) => ctx.cloudService(type, toFields(type, account, row)))
      if (type === 'setting') await assertAllSettingsShown(ctx)
    }
    for (const type of OF_CLUSTER) yield* ctx.list({ type, account }, ofCluster(type))

    const databases = (await read('database', ctx.options.database)).filter((row) => row.allows_connections)
    const failed = new Set<string>()
    for (const { name: database } of databases) {
      for (const type of OF_DATABASE) {
        try {
          const rows = await read(type, database)
          yield rows.map((row) => ctx.cloudService(type, toFields(type, account, row, database)))
        } catch (error) {
          ctx.signal.throwIfAborted()
          failed.add(type)
          yield ctx.error({ type, account, error })
        }
      }
    }
    // A database that could not be read leaves it open what is in it, so that its kinds get no receipt.
    for (const type of OF_DATABASE) if (!failed.has(type)) yield ctx.complete({ type, account })
  },
})

/** The id of the cluster, which is the account of everything in it. */
async function readCluster(ctx: Context): Promise<string> {
  return withClient(ctx, ctx.options.database, async (client) => {
    const { rows } = await client.query<{ id: string }>(CLUSTER)
    return `cluster-${rows[0]?.id ?? ''}`
  })
}

async function readRows(ctx: Context, type: keyof typeof QUERIES, database: string): Promise<readonly Row[]> {
  const values = type === 'setting' ? [ctx.options.all_settings] : []
  return withClient(ctx, database, async (client) => (await client.query<Row>(QUERIES[type], values)).rows)
}
