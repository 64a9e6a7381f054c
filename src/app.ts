import { join } from 'node:path'
import { type Authorize, createAuthenticator, type Logger } from './access/index.ts'
import type { Config } from './config/index.ts'
import { systemClock } from './core/clock.ts'
import { IS_PACKAGED } from './core/packaged.ts'
import { type CoverageSettings, DEFAULT_COVERAGE_SETTINGS } from './coverage/index.ts'
import { createEventFeed, type EventFeed } from './events/index.ts'
import { gatherMetrics } from './gather-metrics.ts'
import { Housekeeper } from './housekeeping/index.ts'
import { createTaskNotices, PartThread, PgBossQueue, Worker, type WorkerSettings } from './jobs/index.ts'
import { toKeySource } from './key-source.ts'
import { toLoadLimits } from './load-limits.ts'
import type { PartThreadData } from './part-thread.ts'
import { toPluginSettings } from './plugin-settings.ts'
import {
  builtinPlugins,
  createPluginCatalog,
  createPluginHost,
  createPluginRegistry,
  createVersionLister,
  type PluginCatalog,
  type PluginRecord,
  type PluginSettings,
  ProcessReporter,
  type VersionLister,
} from './plugins/index.ts'
import { prepareAccess } from './prepare-access.ts'
import { Scheduler } from './schedules/index.ts'
import { type Keyring, openKeyring } from './secrets/index.ts'
import {
  type ApiServer,
  type BoundPorts,
  createAdmission,
  createHealth,
  createMonitor,
  createServer,
  type ServerDeps,
} from './server/index.ts'
import { createServices } from './services.ts'
import { createNotifications, type OpenedDatabase, openDatabase } from './storage/index.ts'
import { watchHealth } from './watch-health.ts'
import { Courier, createAddressGuard, resolveBySystem, type SendDeps } from './webhooks/index.ts'
import { toWorkerLabels } from './worker-labels.ts'

const ROOT = join(import.meta.dirname, '..')
/** Where `scripts/build-console.mjs` leaves it; a package brings it along. */
const CONSOLE_DIR = join(ROOT, IS_PACKAGED ? 'console' : 'node_modules/.cache/gleaner-console')

/** A running Gleaner: whatever its roles ask for, on one database. */
export type App = {
  readonly database: OpenedDatabase
  /** Undefined where this process has no `api` role. */
  readonly ports: BoundPorts | undefined
  /** Where `/check` and `/metrics` are served apart from an API; undefined where they are not. */
  readonly metricsPort: number | undefined
  readonly deps: AppDeps
  /** Rejects when the process cannot go on: the embedded database is gone for good. */
  readonly lost: Promise<never>
  /** Ends everything in the order in which it depends on each other; bounded in time. May be called twice. */
  stop(): Promise<void>
}

/** What verbs take besides their context. */
export type AppDeps = {
  readonly registry: ReturnType<typeof createPluginRegistry>
  readonly catalog: PluginCatalog
  readonly lister: VersionLister
  readonly plugins: ReturnType<typeof createPluginHost>
  readonly queue: PgBossQueue
  readonly keyring: Keyring
  readonly log: Logger
}

export type AppOptions = {
  readonly config: Config
  readonly log: Logger
  /** Plugins beside the built-in ones: of tests and of the benchmark. */
  readonly plugins?: readonly PluginRecord[]
  readonly pluginSettings?: Partial<PluginSettings>
  /** The first wall. Tests take it away, to see that the second one holds alone. */
  readonly authorize?: Authorize
}

/**
 * Starts everything, in order: database, queue, API, worker. The only place that knows every adapter. What
 * was started is stopped again when a later step fails.
 */
export async function startApp({
  config,
  log,
  plugins: records = [],
  pluginSettings,
  authorize,
}: AppOptions): Promise<App> {
  const now = systemClock
  const started: (() => Promise<void>)[] = []
  const stop = createStop(started, log)
  try {
    const database = await openDatabase({ ...config, migrations: join(ROOT, 'migrations'), log })
    started.push(() => database.close())
    const db = database.database

    const keyring = await openKeyring({ db, source: toKeySource(config), now })
    const queue = new PgBossQueue({ connection: database.connection, log })
    await queue.start()
    started.push(() => queue.stop())

    const known = [...builtinPlugins(), ...records]
    const { allowedImages, allowedRuntimes } = config
    const catalog = createPluginCatalog({ records: known, allowed: { allowedImages, allowedRuntimes } })
    const settings = { ...toPluginSettings(config), ...pluginSettings }
    const { dataDir } = database
    const lister = createVersionLister({ dataDir, settings })
    const registry = createPluginRegistry({ records: known, db, lister, log })
    const plugins = createPluginHost({ registry, dataDir, log, settings })
    started.push(() => plugins.stop())
    const reporter = new ProcessReporter({ db, plugins, log })
    reporter.start()
    started.push(() => reporter.stop())

    const deps: AppDeps = { registry, catalog, lister, plugins, queue, keyring, log }
    const health = createHealth()
    let worker: Worker | undefined
    if (config.roles.includes('worker')) {
      const notices = createTaskNotices({ connection: database.connection, log })
      const thread = createPartThread(config, database, log)
      started.push(() => thread.stop())
      worker = new Worker(
        {
          db,
          queue,
          wakeUps: queue,
          notices,
          plugins,
          keyring,
          room: database.room,
          log,
          now,
          storePart: thread.store,
          expectPart: thread.expect,
        },
        workerSettings(config, await toWorkerLabels(config.workerLabels)),
      )
      await worker.start()
      const running = worker
      started.push(() => running.stop())
    }
    const notifications = createNotifications({ connection: database.connection, log })
    started.push(() => notifications.close())
    let housekeeper: Housekeeper | undefined
    let scheduler: Scheduler | undefined
    if (config.roles.includes('scheduler')) {
      scheduler = new Scheduler({ db, queue, log, now })
      scheduler.start()
      housekeeper = new Housekeeper({ db, log, now })
      housekeeper.start()
      const keeper = housekeeper
      const courier = new Courier({ db, keyring, notifications, log, now, ...webhookSending(config) })
      courier.start()
      started.push(() => courier.stop())
      started.push(() => keeper.stop())
      const running = scheduler
      started.push(() => running.stop())
    }
    const watch = watchHealth({ db, room: database.room, health, worker, scheduler, now })
    started.push(() => watch.stop())

    const servesApi = config.roles.includes('api')
    let ports: BoundPorts | undefined
    let metricsPort: number | undefined
    if (servesApi || config.metricsPort !== undefined) {
      await prepareAccess({ db, config, log, now })
      const admission = createAdmission(log, toLoadLimits(config))
      const metrics = gatherMetrics({
        db,
        log,
        plugins,
        worker,
        housekeeper,
        admission: servesApi ? admission : undefined,
      })
      started.push(async () => metrics.stop())
      if (servesApi) {
        const feed = createEventFeed({ db, notifications, log })
        started.push(async () => feed.close())
        const server = createApiServer(
          config,
          { ...deps, feed },
          { ...(authorize && { authorize }), admission, db, health, metrics, now },
        )
        ports = await server.start()
        started.push(() => server.stop())
      }
      if (config.metricsPort !== undefined) {
        const monitored = { ...config, metricsPort: config.metricsPort }
        const monitor = createMonitor({ db, log, now, health, metricsText: metrics.text, config: monitored })
        metricsPort = await monitor.start()
        started.push(() => monitor.stop())
      }
    }
    await watch.look()
    return { database, ports, metricsPort, deps, lost: database.lost, stop }
  } catch (thrown) {
    await stop()
    throw thrown
  }
}

/**
 * Each part takes a connection for its batch and one for what it looks up meanwhile, or for a second batch.
 */
function createPartThread(config: Config, { connection }: OpenedDatabase, log: Logger): PartThread {
  const data: PartThreadData = { connection, maxConnections: 2 * config.workerCapacity }
  return new PartThread({ program: new URL('./part-thread.ts', import.meta.url), data, log })
}

/** How webhooks are sent. A receiver has ten seconds. */
function webhookSending(config: Config): SendDeps {
  return { guard: createAddressGuard(config.webhookAllow), resolve: resolveBySystem, timeoutMs: 10_000 }
}

function coverageSettings(config: Config): CoverageSettings {
  return {
    ...DEFAULT_COVERAGE_SETTINGS,
    minReceiptSpacingMs: config.coverageMinReceiptSpacing * 1_000,
    releasesHolds: config.coverageReleasesHolds,
  }
}

function workerSettings(config: Config, labels: readonly string[]): Partial<WorkerSettings> {
  return {
    capacity: config.workerCapacity,
    coverage: coverageSettings(config),
    labels,
    unservedAfterMs: config.unservedTimeoutSeconds * 1_000,
    limits: { perDomain: config.maxTasksPerDomain, perProvider: config.maxTasksPerProvider },
    taskTimeoutMs: config.taskTimeoutSeconds * 1_000,
  }
}

function createApiServer(
  config: Config,
  deps: AppDeps & { readonly feed: EventFeed },
  serverDeps: Pick<ServerDeps, 'admission' | 'authorize' | 'db' | 'health' | 'metrics' | 'now'>,
): ApiServer {
  const authenticator = createAuthenticator(serverDeps.db)
  return createServer({
    ...serverDeps,
    implementations: createServices({ ...deps, ...webhookSending(config), config, authenticator }),
    authenticator,
    log: deps.log,
    config: { ...config, consoleDir: CONSOLE_DIR },
  })
}

/** Stops in the reverse order of starting; one part that fails to stop does not keep the others running. */
function createStop(started: readonly (() => Promise<void>)[], log: Logger): () => Promise<void> {
  let stopping: Promise<void> | undefined
  async function stopAll(): Promise<void> {
    for (const stop of [...started].reverse()) {
      await stop().catch((error: unknown) =>
        log.error({ err: error }, 'a part of the server did not stop cleanly'),
      )
    }
  }
  return () => {
    stopping ??= stopAll()
    return stopping
  }
}
