import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import type { Logger } from '../../access/index.ts'
import { toError } from '../../core/errors.ts'
import type { Database } from '../../storage/index.ts'
import type { ProcessHost } from '../host.ts'
import type { SlotReport } from './slot-report.ts'
import { storeReports } from './sql/store-reports.ts'

/** How often changes are looked for. */
const LOOK_EVERY_MS = 2_000

/**
 * How often what did not change is written all the same, to say that this host is there. Readers believe a
 * row for two minutes.
 */
const RENEW_EVERY_MS = 30_000

type ReporterDeps = {
  readonly db: Database
  readonly plugins: Pick<ProcessHost, 'reports' | 'forget'>
  readonly log: Logger
}

/** Keeps the database told of the plugins that this process runs, so that every API process can show them. */
export class ProcessReporter {
  readonly #deps: ReporterDeps
  readonly #hostId = `${hostname()}:${process.pid}:${randomBytes(4).toString('hex')}`
  /** What was written last, by plugin and version. */
  readonly #written = new Map<string, string>()
  #renewAtMs = 0
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> = Promise.resolve()
  #isStopped = false

  constructor(deps: ReporterDeps) {
    this.#deps = deps
  }

  start(): void {
    this.#timer = setTimeout(() => {
      this.#looking = this.#look().then(() => {
        if (!this.#isStopped) this.start()
      })
    }, LOOK_EVERY_MS).unref()
  }

  /** Takes back what it said: the processes end with this one. */
  async stop(): Promise<void> {
    this.#isStopped = true
    clearTimeout(this.#timer)
    await this.#looking
    if (this.#written.size === 0) return
    await this.#deps.db.query('delete from plugin_process where host_id = $1', [this.#hostId])
  }

  /** A database that is away is told later. */
  async #look(): Promise<void> {
    const { db, log, plugins } = this.#deps
    try {
      const isRenewal = performance.now() >= this.#renewAtMs
      const reports = await plugins.reports()
      const changed = reports.filter(
        (report) => isRenewal || this.#written.get(keyOf(report)) !== wordsOf(report),
      )
      if (isRenewal) this.#renewAtMs = performance.now() + RENEW_EVERY_MS
      if (changed.length === 0) return
      if (isRenewal) await db.query(`delete from plugin_process where seen_at < now() - interval '1 hour'`)
      const gone = await storeReports(db, this.#hostId, changed)
      for (const report of changed) this.#written.set(keyOf(report), wordsOf(report))
      for (const report of gone) {
        plugins.forget(report)
        this.#written.delete(keyOf(report))
      }
    } catch (thrown) {
      log.debug({ reason: toError(thrown).message }, 'plugin processes not reported')
    }
  }
}

function keyOf({ domainId, pluginId, version }: SlotReport): string {
  return JSON.stringify([domainId, pluginId, version])
}

/**
 * Memory goes up and down all the time: it is written along with other changes, and when rows are renewed.
 */
function wordsOf({ memoryBytes: _, ...report }: SlotReport): string {
  return JSON.stringify(report)
}
