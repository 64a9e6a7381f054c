import type { ErrorKind } from '../core/errors.ts'
import { GrpcPluginConnection } from './connection.ts'
import { PluginError } from './plugin-error.ts'
import type { Activity } from './process/process-activity.ts'
import { HealthWatch } from './processes/health-watch.ts'
import type { PluginInspection, SlotFailure, SlotReport, SlotState } from './processes/slot-report.ts'
import { type FailureRecord, NO_FAILURE, nextFailure } from './restart-policy.ts'
import type { PluginEnding, RunningPlugin } from './running-plugin.ts'
import { describeEnding } from './running-plugin.ts'
import type { PluginTarget, RuntimeContext } from './runtimes/runtime.ts'
import { startPlugin } from './runtimes/start-plugin.ts'

/** What a slot is for; without a domain a plugin that comes with the server. */
export type SlotTarget = PluginTarget & { readonly domainId: string }

/** Lines of a log are cut here when they are reported, in characters. */
const MAX_REPORTED_LINE = 500

export type SlotCounters = { starts: number; restarts: number; failedStarts: number; deaths: number }

/**
 * The place of one (plugin, version): at most one process, shared by all its users, started when the first
 * of them comes and stopped when the last has been gone for a while.
 *
 * A start belongs to everybody who waits for it: one of them leaving does not end it.
 */
export class PluginSlot {
  readonly counters: SlotCounters = { starts: 0, restarts: 0, failedStarts: 0, deaths: 0 }
  readonly target: SlotTarget
  readonly #context: RuntimeContext
  readonly #stopping = new AbortController()
  readonly #connections = new Set<GrpcPluginConnection>()
  #starting: Promise<RunningPlugin> | undefined
  #running: RunningPlugin | undefined
  #failure: FailureRecord = NO_FAILURE
  #lastError: PluginError | undefined
  #lastFailure: SlotFailure | undefined
  #watch: HealthWatch | undefined
  #startedAt: Date | undefined
  #imageDigest = ''
  /** What the process that ended last had logged. */
  #oldLogLines: readonly string[] = []
  #waiting = 0
  readonly #retiring = new Set<Promise<void>>()
  #idleTimer: NodeJS.Timeout | undefined

  constructor(target: SlotTarget, context: RuntimeContext) {
    this.target = target
    this.#context = context
  }

  get isRunning(): boolean {
    return this.#running !== undefined
  }

  /** Whether it has a process, or somebody waits for one. */
  get isUsed(): boolean {
    return (
      this.#running !== undefined ||
      this.#starting !== undefined ||
      this.#waiting > 0 ||
      this.#retiring.size > 0
    )
  }

  /** What can be seen of its process from outside; undefined when there is none. */
  async inspect(): Promise<PluginInspection | undefined> {
    const plugin = this.#running
    if (plugin === undefined) return undefined
    const memoryBytes = await plugin.readMemory().catch(() => undefined)
    return { memoryBytes, logLines: plugin.lastLogLines(20), secretsCut: plugin.shield.cuts }
  }

  /** How much its processes have worked. */
  async readActivity(): Promise<Activity | undefined> {
    return this.#running?.readActivity().catch(() => undefined)
  }

  /** What an operator wants to know of it. */
  async report(): Promise<SlotReport> {
    const { domainId, pluginId, version } = this.target
    const { starts, failedStarts, deaths } = this.counters
    const waitMs = this.#failure.retryAtMs - performance.now()
    const isPaused = waitMs > 0 && this.#running === undefined && this.#starting === undefined
    const seen = await this.inspect()
    return {
      domainId,
      pluginId,
      version,
      state: isPaused ? 'PAUSED' : this.#state(),
      health: this.#watch?.health ?? 'UNKNOWN',
      startedAt: this.#startedAt,
      imageDigest: this.#imageDigest,
      memoryBytes: seen?.memoryBytes,
      connections: this.#connections.size,
      starts,
      failedStarts,
      deaths,
      failure: this.#lastFailure,
      // Whole seconds, so that two looks at one pause are alike.
      pausedUntil: isPaused ? new Date(Math.ceil((Date.now() + waitMs) / 1_000) * 1_000) : undefined,
      logLines: (seen?.logLines ?? this.#oldLogLines).map((line) => line.slice(0, MAX_REPORTED_LINE)),
    }
  }

  #state(): SlotState {
    if (this.#running !== undefined) return 'RUNNING'
    return this.#starting === undefined ? 'STOPPED' : 'STARTING'
  }

  get connectionCount(): number {
    return this.#connections.size
  }

  async connect(signal: AbortSignal): Promise<GrpcPluginConnection> {
    this.#waiting++
    clearTimeout(this.#idleTimer)
    try {
      return await this.#open(await this.#whenRunning(signal), signal)
    } finally {
      this.#waiting--
      this.#watchIdle()
    }
  }

  /** Ends the process; running calls fail as canceled, later connects are refused. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    clearTimeout(this.#idleTimer)
    for (const connection of [...this.#connections]) connection.release()
    await this.#starting?.catch(() => {})
    if (this.#running !== undefined) this.#retire(this.#running)
    await Promise.all(this.#retiring)
  }

  async #whenRunning(signal: AbortSignal): Promise<RunningPlugin> {
    if (signal.aborted || this.#stopping.signal.aborted) throw this.#canceledError(signal)
    if (this.#running !== undefined) return this.#running
    if (this.#starting === undefined) this.#assertMayStart()
    this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined
    })
    return this.#unlessCanceled(this.#starting, signal)
  }

  /** While a failed plugin pauses, callers get the last failure at once instead of waiting for the next. */
  #assertMayStart(): void {
    const waitMs = this.#failure.retryAtMs - performance.now()
    if (waitMs <= 0 || this.#lastError === undefined) return
    const { kind, code, message, retryable } = this.#lastError
    const seconds = Math.ceil(waitMs / 1_000)
    throw this.#error({
      kind,
      code,
      message: `${message}; it may be started again in ${seconds} s`,
      retryable,
      pausedForMs: waitMs,
    })
  }

  async #start(): Promise<RunningPlugin> {
    if (this.counters.starts > 0) this.counters.restarts++
    this.counters.starts++
    try {
      const plugin = await startPlugin(this.target, this.#context, this.#stopping.signal)
      await this.#assertAnswers(plugin)
      this.#running = plugin
      this.#startedAt = new Date()
      this.#imageDigest = plugin.imageDigest ?? ''
      this.#watch = new HealthWatch(plugin, this.#context.settings, () => this.#giveUpHung(plugin))
      plugin.onEnd((ending) => this.#noteEnding(plugin, ending))
      return plugin
    } catch (error) {
      this.counters.failedStarts++
      if (error instanceof PluginError) this.#noteFailure({ kind: 'start' }, error)
      throw error
    }
  }

  /** A process may say that it is ready and serve something else on its port, or nothing. */
  async #assertAnswers(plugin: RunningPlugin): Promise<void> {
    const probe = new GrpcPluginConnection({ ...this.target, plugin, settings: this.#context.settings })
    try {
      await probe.open(this.#stopping.signal)
    } catch (error) {
      await plugin.stop()
      throw error
    } finally {
      probe.release()
    }
  }

  async #open(plugin: RunningPlugin, signal: AbortSignal): Promise<GrpcPluginConnection> {
    const connection = new GrpcPluginConnection({
      ...this.target,
      plugin,
      settings: this.#context.settings,
      onRelease: () => {
        this.#connections.delete(connection)
        this.#watchIdle()
      },
    })
    this.#connections.add(connection)
    try {
      await connection.open(signal)
      return connection
    } catch (error) {
      connection.release()
      const isHung = !signal.aborted && this.#connections.size === 0
      if (isHung && this.#running === plugin) this.#retire(plugin)
      throw error
    }
  }

  #noteEnding(plugin: RunningPlugin, ending: PluginEnding): void {
    this.#forget(plugin)
    if (ending.wasStopped) return
    this.counters.deaths++
    const code = ending.rssMb === undefined ? 'ERROR_PLUGIN_DIED' : 'ERROR_PLUGIN_MEMORY'
    const message = `its process ${describeEnding(ending)}`
    // Without its log: who is told of this error may be in another domain than whom the log speaks of.
    const error = this.#error({ kind: 'unavailable', code, message, retryable: true })
    this.#noteFailure({ kind: 'death', livedMs: ending.livedMs }, error, message)
    const logged = plugin.lastLogLines(1)[0] ?? 'nothing'
    const { pluginId, version } = this.target
    this.#context.log.warn({ pluginId, version }, `${error.message}; the last it logged: ${logged}`)
  }

  #noteFailure(
    mishap: Parameters<typeof nextFailure>[1],
    error: PluginError,
    reported = error.message,
  ): void {
    this.#failure = nextFailure(this.#failure, mishap, performance.now(), this.#context.settings)
    this.#lastError = error
    this.#lastFailure = { at: new Date(), code: error.code, message: reported }
  }

  /** One that answers nothing while somebody uses it may be busy; the user's own time limits judge it. */
  #giveUpHung(plugin: RunningPlugin): void {
    if (this.#connections.size > 0 || this.#waiting > 0 || this.#running !== plugin) return
    const { pluginId, version } = this.target
    const message = 'it answered nothing while nobody used it, so it was stopped'
    this.#lastFailure = { at: new Date(), code: 'ERROR_PLUGIN_HUNG', message }
    this.#context.log.warn({ pluginId, version }, `plugin: ${message}`)
    this.#retire(plugin)
  }

  #forget(plugin: RunningPlugin): void {
    if (this.#running !== plugin) return
    this.#running = undefined
    this.#startedAt = undefined
    this.#watch?.stop()
    this.#watch = undefined
    this.#oldLogLines = plugin.lastLogLines(20)
  }

  /** Takes a process out of use and stops it; a new one may start meanwhile. */
  #retire(plugin: RunningPlugin): void {
    this.#forget(plugin)
    const stopped = plugin.stop().finally(() => this.#retiring.delete(stopped))
    this.#retiring.add(stopped)
  }

  #watchIdle(): void {
    clearTimeout(this.#idleTimer)
    if (this.#connections.size > 0 || this.#waiting > 0) return
    this.#idleTimer = setTimeout(() => {
      if (this.#running !== undefined) this.#retire(this.#running)
    }, this.#context.settings.idleMs).unref()
  }

  #unlessCanceled<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const cancel = () => reject(this.#canceledError(signal))
    signal.addEventListener('abort', cancel, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', cancel))
    return promise
  }

  #canceledError(signal: AbortSignal): PluginError {
    const message = signal.aborted ? 'it was canceled' : 'the plugin host is stopping'
    return this.#error({
      kind: 'canceled',
      code: 'ERROR_PLUGIN_CANCELED',
      message,
      retryable: !signal.aborted,
    })
  }

  #error(fields: {
    kind: ErrorKind
    code: string
    message: string
    retryable: boolean
    pausedForMs?: number
  }): PluginError {
    return new PluginError({ pluginId: this.target.pluginId, during: 'start', ...fields })
  }
}
