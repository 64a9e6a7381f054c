import type { Sql } from '../storage/index.ts'

/**
 * Webhooks of all domains: those that are delivered to, those whose last attempts failed, and those that the
 * server has given up.
 */
type WebhookCounts = { readonly working: number; readonly failing: number; readonly given_up: number }

export async function countWebhooks(sql: Sql): Promise<WebhookCounts> {
  const [row] = await sql.query<{ working: number; failing: number; givenUp: number }>(
    `select count(*) filter (where is_enabled and failures = 0)::int as working,
            count(*) filter (where is_enabled and failures > 0)::int as failing,
            count(*) filter (where not is_enabled and disabled_reason <> '')::int as given_up
       from webhook`,
  )
  const { working = 0, failing = 0, givenUp = 0 } = row ?? {}
  return { working, failing, given_up: givenUp }
}
