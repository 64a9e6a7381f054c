import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PluginEnding, RunningPlugin } from '../running-plugin.ts'
import { SecretShield } from '../secret-shield.ts'
import { LogRing } from './log-ring.ts'
import { type Activity, readGroupActivity } from './process-activity.ts'
import { readResidentBytes, watchMemory } from './process-memory.ts'
import type { ProcessSpec } from './process-spec.ts'
import { readLines } from './read-lines.ts'
import { parseReadyLine } from './ready-line.ts'
import { spawnPlugin } from './spawn-plugin.ts'
import { toStartError } from './start-error.ts'
import { waitForPort } from './wait-for-port.ts'

/** How long a failed call waits for the end of the process to be noticed: its socket closes first. */
const SETTLE_MS = 1_000

/**
 * How long the last output of an ended process may take; a child that escaped its group may hold the pipes
 * for ever.
 */
const DRAIN_MS = 300

/**
 * One plugin process and everything it forks.
 *
 * - `starting`: spawned, has not said that it is ready.
 * - `ready`: serves on its port.
 * - `stopping`: was asked to end, and is killed after the grace time.
 * - `stopped`: ended because it was asked to.
 * - `failed`: never became ready, or ended unasked.
 */
type ProcessState = 'starting' | 'ready' | 'stopping' | 'stopped' | 'failed'

export class PluginProcess implements RunningPlugin {
  readonly shield = new SecretShield()
  readonly #spec: ProcessSpec
  readonly #child: ChildProcess
  readonly #logs: LogRing
  readonly #ended: Promise<void>
  readonly #endListeners: ((ending: PluginEnding) => void)[] = []
  readonly #ready = Promise.withResolvers<void>()
  #state: ProcessState = 'starting'
  #port = 0
  #readyAt = 0
  #rssMb: number | undefined
  #spawnError: NodeJS.ErrnoException | undefined
  #startProblem: string | undefined
  #ending: PluginEnding | undefined

  /**
   * Spawns the process and waits until it serves; throws a `PluginError` and leaves nothing behind when it
   * does not.
   */
  static async start(spec: ProcessSpec, signal: AbortSignal): Promise<PluginProcess> {
    const child = spawnPlugin(spec)
    if (child instanceof Error) {
      await spec.folder.remove()
      throw toStartError(spec, { spawnError: child, lastLogLines: [], wasCanceled: false })
    }
    const started = new PluginProcess(spec, child)
    await started.#waitUntilReady(signal)
    return started
  }

  private constructor(spec: ProcessSpec, child: ChildProcess) {
    this.#spec = spec
    this.#child = child
    this.#logs = new LogRing(spec.settings.maxLogBytes)
    child.stdin?.on('error', () => {})
    child.on('error', (error) => {
      this.#spawnError ??= error
    })
    this.#ended = this.#watchEnd()
    if (child.pid === undefined) return
    spec.guard.watch(child.pid)
    if (child.stderr) readLines(child.stderr, (line) => this.#capture(line))
    if (child.stdout) readLines(child.stdout, (line) => this.#readStdout(line))
    void this.#boundMemory(child.pid)
    if (spec.givenPort !== undefined) void this.#watchPort(spec.givenPort)
  }

  get state(): ProcessState {
    return this.#state
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`
  }

  get ending(): PluginEnding | undefined {
    return this.#ending
  }

  async settleEnding(): Promise<PluginEnding | undefined> {
    await Promise.race([this.#ended, sleep(SETTLE_MS, undefined, { ref: false })])
    return this.#ending
  }

  lastLogLines(count: number): readonly string[] {
    return this.#logs.last(count).map((line) => this.shield.redact(line))
  }

  async readMemory(): Promise<number | undefined> {
    const { pid } = this.#child
    return pid === undefined ? undefined : readResidentBytes(pid)
  }

  async readActivity(): Promise<Activity | undefined> {
    const { pid } = this.#child
    return pid === undefined ? undefined : readGroupActivity(pid)
  }

  onEnd(listener: (ending: PluginEnding) => void): void {
    if (this.#ending !== undefined) listener(this.#ending)
    else this.#endListeners.push(listener)
  }

  /**
   * Asks the whole group to end and kills it after the grace time. Returns when no process of the group is
   * left.
   */
  async stop(): Promise<void> {
    if (this.#state === 'starting' || this.#state === 'ready') {
      this.#state = 'stopping'
      this.#child.stdin?.end()
      this.#signalGroup('SIGTERM')
      const timer = setTimeout(() => this.#signalGroup('SIGKILL'), this.#spec.settings.stopGraceMs)
      await this.#ended
      clearTimeout(timer)
    }
    await this.#ended
  }

  async #waitUntilReady(signal: AbortSignal): Promise<void> {
    const { startTimeoutMs } = this.#spec.settings
    const { promise: givenUp, resolve: giveUp } = Promise.withResolvers<void>()
    const timer = setTimeout(() => {
      this.#startProblem ??= `it did not say that it is ready within ${startTimeoutMs / 1_000} s`
      giveUp()
    }, startTimeoutMs)
    signal.addEventListener('abort', () => giveUp(), { once: true })
    if (!signal.aborted) await Promise.race([this.#ready.promise, this.#ended, givenUp])
    clearTimeout(timer)
    if (this.#state === 'ready') return
    this.#signalGroup('SIGKILL')
    await this.#ended
    throw toStartError(this.#spec, {
      spawnError: this.#spawnError,
      problem: this.#startProblem,
      ending: this.#ending,
      lastLogLines: this.lastLogLines(5),
      wasCanceled: signal.aborted,
    })
  }

  /** Ends when the process is gone, its group is killed and its last output is read. */
  async #watchEnd(): Promise<void> {
    const { pid } = this.#child
    if (pid === undefined) {
      await once(this.#child, 'error').catch(() => {})
    } else {
      const drained = once(this.#child, 'close').catch(() => {})
      await once(this.#child, 'exit').catch(() => {})
      this.#signalGroup('SIGKILL')
      await Promise.race([drained, sleep(DRAIN_MS, undefined, { ref: false })])
      this.#child.stdout?.destroy()
      this.#child.stderr?.destroy()
      this.#spec.guard.forget(pid)
    }
    await this.#spec.folder.remove().catch(() => {})
    this.#finish()
  }

  #finish(): void {
    const wasStopped = this.#state === 'stopping'
    this.#state = wasStopped ? 'stopped' : 'failed'
    this.#ending = {
      exitCode: this.#child.exitCode,
      signal: this.#child.signalCode,
      wasStopped,
      livedMs: this.#readyAt === 0 ? 0 : performance.now() - this.#readyAt,
      ...(this.#rssMb === undefined ? {} : { rssMb: this.#rssMb }),
    }
    for (const listener of this.#endListeners.splice(0)) listener(this.#ending)
  }

  #readStdout(line: string): void {
    const ready = this.#state === 'starting' ? parseReadyLine(line) : undefined
    if (ready === undefined) {
      this.#capture(line)
      return
    }
    if ('problem' in ready) {
      this.#startProblem ??= ready.problem
    } else if (this.#startProblem === undefined) {
      this.#becomeReady(ready.port)
    }
    this.#ready.resolve()
  }

  /** A program that knows nothing of the ready line is ready when it listens. */
  async #watchPort(port: number): Promise<void> {
    if (!(await waitForPort(port, () => this.#state === 'starting'))) return
    if (this.#state !== 'starting') return
    this.#becomeReady(port)
    this.#ready.resolve()
  }

  #becomeReady(port: number): void {
    this.#port = port
    this.#readyAt = performance.now()
    this.#state = 'ready'
  }

  #capture(raw: string): void {
    const line = this.#logs.add(this.shield.redact(raw))
    const { pluginId, version, log } = this.#spec
    log.debug({ pluginId, version, pid: this.#child.pid }, line)
  }

  async #boundMemory(pid: number): Promise<void> {
    const { maxRssMb, memorySampleMs } = this.#spec.settings
    const isWatched = () => this.#state === 'starting' || this.#state === 'ready'
    const rssMb = await watchMemory({ pid, maxRssMb, sampleMs: memorySampleMs, isWatched })
    if (rssMb === undefined) return
    this.#rssMb = rssMb
    this.#signalGroup('SIGKILL')
  }

  #signalGroup(signal: NodeJS.Signals): void {
    const { pid } = this.#child
    if (pid === undefined) return
    try {
      process.kill(-pid, signal)
    } catch {
      // The group is gone, which is what was wanted.
    }
  }
}
