import type { Context } from '../../../src/access/index.ts'
import { ensureDomain } from '../../../src/access/index.ts'
import { collect, createCollector } from '../../../src/collectors/index.ts'
import { createPluginHost, createPluginRegistry } from '../../../src/plugins/index.ts'
import { newCollector } from '../../jobs/support.ts'
import { silentLog } from '../../support/silent-log.ts'
import { type Arena, persistently } from './arena.ts'
import { SAMPLE } from './sample.ts'

export type WorkloadSize = {
  readonly collectors: number
  /** Resources of each. */
  readonly count: number
  /** Pause of the plugin before each 100 resources. */
  readonly delayMs: number
}

const now = () => new Date()

/** Collectors, each in a domain of its own, so that no count depends on who comes first; every third splits by region. */
export async function givenWorkload(arena: Arena, size: WorkloadSize) {
  const { db, queue, dataDir } = arena
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
  const collectors: { domainId: string; collectorId: string }[] = []
  for (let number = 0; number < size.collectors; number++) {
    const domainId = `domain-${String(number).padStart(12, '0')}`
    await ensureDomain(db, { domainId, name: domainId, now: now() })
    const options = {
      count: size.count,
      delay_ms: size.delayMs,
      seed: number + 1,
      churn: 0.2,
      split: number % 3 === 0,
    }
    const request = {
      ...newCollector({ domainId, pluginId: SAMPLE.pluginId, options }),
      name: `chaos-${number}`,
    }
    const view = await createCollector(ctx, { registry, plugins }, request)
    collectors.push({ domainId, collectorId: view.collectorId ?? '' })
  }
  await plugins.stop()

  return {
    /** Changes a share of every estate and starts a job of each collector. */
    async startJobs(generation: number): Promise<void> {
      await db.query(
        `update collector set plugin_options = plugin_options || jsonb_build_object('generation', $1::int)`,
        [generation],
      )
      for (const collector of collectors) {
        await collect(ctx, { queue }, { ...collector, filter: {}, secretId: '', collectMode: '' })
      }
    },
    /** Whether a job has not ended. */
    async isOpen(): Promise<boolean> {
      const rows = await persistently(db, (sql) =>
        sql.query("select 1 from job where status in ('CREATED', 'IN_PROGRESS') limit 1"),
      )
      return rows.length > 0
    },
  }
}
