import { type Context, ensureDomain } from './access/index.ts'
import type { AppDeps } from './app.ts'
import { collect, createCollector } from './collectors/index.ts'
import type { Clock } from './core/clock.ts'
import { newId } from './core/ids.ts'
import type { Database } from './storage/index.ts'

/** The domain that an empty database gets, and that the CLI asks by default. */
export const FIRST_DOMAIN = 'domain-000000000001'

/**
 * Gives an empty database its first domain and a collector of this machine, and runs it. Returns the job;
 * undefined where somebody has been here before. Safe to repeat after a crash at any point.
 */
export async function collectFirst(
  { db, now }: { db: Database; now: Clock },
  deps: AppDeps,
  signal: AbortSignal,
): Promise<{ domainId: string; jobId: string } | undefined> {
  if (!(await isEmpty(db))) return undefined
  const domainId = FIRST_DOMAIN
  await ensureDomain(db, { domainId, name: 'Default', now: now() })
  const ctx: Context = {
    requestId: newId('request'),
    principal: { kind: 'system', role: 'first start' },
    signal,
    db,
    now,
    log: deps.log,
  }
  const [known] = await db.query<{ collectorId: string }>(
    'select collector_id from collector where domain_id = $1',
    [domainId],
  )
  const collectorId = known?.collectorId ?? (await createThisMachine(ctx, deps, domainId))
  const input = { domainId, collectorId, filter: {}, secretId: '', collectMode: '' }
  const { jobId = '' } = await collect(ctx, deps, input)
  return { domainId, jobId }
}

async function createThisMachine(ctx: Context, deps: AppDeps, domainId: string): Promise<string> {
  const { collectorId = '' } = await createCollector(ctx, deps, {
    domainId,
    name: 'This machine',
    priority: undefined,
    tags: {},
    isPublic: undefined,
    projectId: '',
    plugin: {
      pluginId: 'plugin-host',
      version: '',
      options: {},
      metadata: {},
      upgradeMode: undefined,
      selection: { secretId: '', secretGroupId: '', provider: '', serviceAccountId: '' },
    },
  })
  return collectorId
}

/**
 * No job was ever run and no domain but ours was made: a collector that its owner deleted does not come back.
 */
async function isEmpty(db: Database): Promise<boolean> {
  const [row] = await db.query<{ isEmpty: boolean }>(
    `select not exists (select from job) and not exists (select from domain where domain_id <> $1) as is_empty`,
    [FIRST_DOMAIN],
  )
  return row?.isEmpty ?? false
}
