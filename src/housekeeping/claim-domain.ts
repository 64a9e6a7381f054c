import type { Database } from '../storage/index.ts'
import type { Retention } from './domain-settings.ts'

/** How long a domain belongs to whoever has claimed it, and how long it then rests; an hour. */
const SWEEP_EVERY = "interval '1 hour'"

const ENSURE_SETTINGS = `
insert into domain_settings (domain_id)
select domain_id from domain d
 where not exists (select 1 from domain_settings s where s.domain_id = d.domain_id)
on conflict (domain_id) do nothing`

// The moment moves on before the work is done: who dies over it leaves the rest for the next time.
const CLAIM_DOMAIN = `
update domain_settings s set sweep_due_at = now() + ${SWEEP_EVERY}
 where domain_id = (select domain_id from domain_settings where sweep_due_at <= now()
                     order by sweep_due_at limit 1 for update skip locked)
returning domain_id, job_days, run_days, event_days, history_days, opening_days, deleted_days`

export type ClaimedDomain = Retention & { readonly domainId: string }

/** Sees to it that every domain has its turn. */
export async function ensureSettings(db: Database): Promise<void> {
  await db.query(ENSURE_SETTINGS)
}

/**
 * Takes the domain that has waited longest; undefined when none is due. Two processes never take the same
 * one.
 */
export async function claimDomain(db: Database): Promise<ClaimedDomain | undefined> {
  const [row] = await db.query<ClaimedDomain>(CLAIM_DOMAIN)
  return row
}
