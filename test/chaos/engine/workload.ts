import type { Context } from '../../../src/access/index.ts'
import { ensureDomain } from '../../../src/access/index.ts'
import { createCollector } from '../../../src/collectors/index.ts'
import { createPluginHost, createPluginRegistry } from '../../../src/plugins/index.ts'
import { addSchedule } from '../../../src/schedules/index.ts'
import { newCollector } from '../../jobs/support.ts'
import { silentLog } from '../../support/silent-log.ts'
import { type Arena, persistently } from './arena.ts'
import { collectThroughApi } from './ask-api.ts'
import type { Processes } from './processes.ts'
import { SAMPLE } from './sample.ts'

export type WorkloadSize = {
  /** Each in a domain of its own; every third splits by region. */
  readonly collectors: number
  /** Collectors of one domain that all see the same resources. */
  readonly sharing: number
  /** Resources of each. */
  readonly count: number
  /** Pause of the plugin before each 100 resources. */
  readonly delayMs: number
}

/** Here it depends on who comes first which of the collectors creates a resource. */
export const SHARED_DOMAIN = 'domain-ffffffffffff'

/** Nobody waits for it: the test makes schedules due. */
const FAR_AWAY = { cron: '0 0 29 2 *', interval: 0, minutes: [], hours: [] }

const ARM_SCHEDULES = `
update schedule set next_due_at = clock_timestamp()
 where next_due_at > clock_timestamp() and (last_scheduled_at is null or last_scheduled_at < $1)`

const now = () => new Date()

/** Collectors, half of which are started through the API and half by schedules. */
export async function givenWorkload(arena: Arena, size: WorkloadSize) {
  const { db, dataDir } = arena
  const ctx: Context = {
    requestId: 'chaos',
    principal: { kind: 'anonymous' },
    signal: new AbortController().signal,
    db,
    now,
    log: silentLog,
  }
  const registry = createPluginRegistry({ records: [SAMPLE] })
  const plugins = createPluginHost({ registry, dataDir, log: silentLog, settings: { dropPrivileges: false } })
  const asked: { domainId: string; collectorId: string }[] = []
  for (let number = 0; number < size.collectors + size.sharing; number++) {
    const isSharing = number >= size.collectors
    const domainId = isSharing ? SHARED_DOMAIN : `domain-${String(number).padStart(12, '0')}`
    await ensureDomain(db, { domainId, name: domainId, now: now() })
    const options = {
      count: size.count,
      delay_ms: size.delayMs,
      seed: isSharing ? 99 : number + 1,
      churn: 0.2,
      split: number % 3 === 0 && !isSharing,
    }
    const request = {
      ...newCollector({ domainId, pluginId: SAMPLE.pluginId, options }),
      name: `chaos-${number}`,
      priority: 10 + number,
    }
    const { collectorId = '' } = await createCollector(ctx, { registry, plugins }, request)
    if (number % 2 === 0) {
      asked.push({ domainId, collectorId })
      continue
    }
    const schedule = { domainId, collectorId, name: '', collectMode: '', scheduled: FAR_AWAY, filter: {} }
    await addSchedule(ctx, { ignorePluginSupport: true }, schedule)
  }
  await plugins.stop()

  return {
    /** Changes a share of every estate and starts a job of each collector, whatever happens meanwhile. */
    async startJobs(processes: Processes, generation: number): Promise<void> {
      const [moment] = await persistently(db, (sql) =>
        sql.query<{ now: Date }>('select clock_timestamp() as now'),
      )
      await persistently(db, (sql) =>
        sql.query(
          `update collector set plugin_options = plugin_options || jsonb_build_object('generation', $1::int)`,
          [generation],
        ),
      )
      await persistently(db, (sql) => sql.query(ARM_SCHEDULES, [moment?.now]))
      for (const collector of asked)
        await collectThroughApi(arena, processes, { ...collector, jobs: generation })
    },
    /** Whether a job has not ended, or a schedule has not begun its own. */
    async isOpen(): Promise<boolean> {
      const rows = await persistently(db, (sql) =>
        sql.query(`select 1 from job where status in ('CREATED', 'IN_PROGRESS')
                   union all select 1 from schedule where next_due_at < clock_timestamp() + interval '1 hour' limit 1`),
      )
      return rows.length > 0
    },
  }
}
