import { PluginError } from '@gleaner/sdk'
import { type Context, withClient } from './connect.ts'
import { DATABASES, MAY_READ_SETTINGS } from './queries.ts'

/**
 * Says everything at once that the role would not get to see. Each database is really connected to, since
 * besides a privilege it takes a line of `pg_hba.conf`, which nobody can look up.
 */
export async function assertMaySee(ctx: Context): Promise<void> {
  const missing = (await mayReadSettings(ctx)) ? [] : [HIDDEN_SETTINGS]
  const databases = await withClient(ctx, ctx.options.database, async (client) => {
    return (await client.query<{ name: string; allows_connections: boolean }>(DATABASES)).rows
  })
  for (const { allows_connections: isOpen, name } of databases) {
    try {
      if (isOpen) await withClient(ctx, name, async () => {})
    } catch (error) {
      if (!(error instanceof PluginError) || error.retryable) throw error
      missing.push(`${error.message}; grant connect on it, and let the role in by pg_hba.conf`)
    }
  }
  if (missing.length > 0) throw denied(missing.join('. '))
}

/**
 * The server leaves settings out that a role may not see, without a word, so that a list of them is not known
 * to be complete: a role that loses `pg_monitor` would otherwise look as if the settings had gone.
 */
export async function assertAllSettingsShown(ctx: Context): Promise<void> {
  if (!(await mayReadSettings(ctx))) throw denied(HIDDEN_SETTINGS)
}

const HIDDEN_SETTINGS = 'its role is not shown all settings; grant pg_monitor, or pg_read_all_settings, to it'

async function mayReadSettings(ctx: Context): Promise<boolean> {
  return withClient(ctx, ctx.options.database, async (client) => {
    const { rows } = await client.query<{ may: boolean }>(MAY_READ_SETTINGS)
    return rows[0]?.may === true
  })
}

function denied(message: string): PluginError {
  return new PluginError('ERROR_ACCESS_DENIED', message, { status: 'PERMISSION_DENIED' })
}
