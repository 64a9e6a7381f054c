import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '../../access/index.ts'
import { PluginError } from '../plugin-error.ts'
import { describeEnding, type PluginEnding, type RunningPlugin } from '../running-plugin.ts'
import { SecretShield } from '../secret-shield.ts'
import type { PluginSettings } from '../settings.ts'
import { LogRing } from './log-ring.ts'
import type { OrphanGuard } from './orphan-guard.ts'
import type { PluginFolder } from './plugin-folder.ts'
import type { PluginUser } from './plugin-user.ts'
import { readResidentBytes } from './process-memory.ts'
import { readLines } from './read-lines.ts'
import { parseReadyLine } from './ready-line.ts'

/** Between the close of a dying process's socket and its end, output read; longer on a busy machine. */
const SETTLE_MS = 1_000

export type ProcessSpec = {
  readonly pluginId: string
  readonly version: string
  readonly command: string
  readonly args: readonly string[]
  readonly folder: PluginFolder
  readonly user: PluginUser | undefined
  /** `host`: spawned as that user. `itself`: our own launcher, which starts as root and changes to it before it serves. */
  readonly userSetBy: 'host' | 'itself'
  readonly settings: PluginSettings
  readonly guard: OrphanGuard
  readonly log: Logger
}

/**
 * One plugin process and everything it forks.
 *
 * - `starting`: spawned, has not said that it is ready.
 * - `ready`: serves on its port.
 * - `stopping`: was asked to end, and is killed after the grace time.
 * - `stopped`: ended because it was asked to.
 * - `failed`: never became ready, or ended unasked.
 */
export type ProcessState = 'starting' | 'ready' | 'stopping' | 'stopped' | 'failed'

export class PluginProcess implements RunningPlugin {
  readonly shield = new SecretShield()
  readonly #spec: ProcessSpec
  readonly #child: ChildProcess
  readonly #logs: LogRing
  readonly #ended: Promise<void>
  readonly #endListeners: ((ending: PluginEnding) => void)[] = []
  #state: ProcessState = 'starting'
  #port = 0
  #readyAt = 0
  #rssMb: number | undefined
  #spawnError: NodeJS.ErrnoException | undefined
  #startProblem: string | undefined
  #ending: PluginEnding | undefined
  #onReady: (() => void) | undefined

  /** Spawns the process and waits until it serves; throws `ERROR_PLUGIN_START` and leaves nothing behind when it does not. */
  static async start(spec: ProcessSpec, signal: AbortSignal): Promise<PluginProcess> {
    const started = new PluginProcess(spec)
    await started.#waitUntilReady(signal)
    return started
  }

  private constructor(spec: ProcessSpec) {
    this.#spec = spec
    this.#logs = new LogRing(spec.settings.maxLogBytes)
    const asUser = spec.userSetBy === 'host' ? spec.user : undefined
    this.#child = spawn(spec.command, spec.args, {
      cwd: spec.folder.path,
      env: environmentFor(spec),
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(asUser ?? {}),
    })
    this.#child.stdin?.on('error', () => {})
    this.#child.once('error', (error) => {
      this.#spawnError = error
    })
    this.#ended = this.#watchEnd()
    if (this.#child.pid !== undefined) spec.guard.watch(this.#child.pid)
    if (this.#child.stderr) readLines(this.#child.stderr, (line) => this.#capture(line))
    if (this.#child.stdout) readLines(this.#child.stdout, (line) => this.#readStdout(line))
    void this.#watchMemory()
  }

  get state(): ProcessState {
    return this.#state
  }

  get pid(): number | undefined {
    return this.#child.pid
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

  onEnd(listener: (ending: PluginEnding) => void): void {
    if (this.#ending !== undefined) listener(this.#ending)
    else this.#endListeners.push(listener)
  }

  /** Asks the whole group to end and kills it after the grace time. Returns when no process of the group is left. */
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
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#onReady = resolve
    const timer = setTimeout(() => {
      this.#startProblem ??= `did not say that it is ready within ${this.#spec.settings.startTimeoutMs / 1_000} s`
      resolve()
    }, this.#spec.settings.startTimeoutMs)
    signal.addEventListener('abort', () => resolve(), { once: true })
    if (!signal.aborted) await Promise.race([promise, this.#ended])
    clearTimeout(timer)
    if (this.#state === 'ready') return
    await this.#abandonStart()
    throw this.#startError(signal)
  }

  async #abandonStart(): Promise<void> {
    this.#signalGroup('SIGKILL')
    await this.#ended
    this.#state = 'failed'
  }

  #startError(signal: AbortSignal): PluginError {
    const base = { pluginId: this.#spec.pluginId, during: 'start' }
    if (signal.aborted && this.#startProblem === undefined) {
      const message = 'the start was canceled'
      return new PluginError({
        ...base,
        kind: 'canceled',
        code: 'ERROR_PLUGIN_CANCELED',
        message,
        retryable: true,
      })
    }
    const code = this.#rssMb === undefined ? 'ERROR_PLUGIN_START' : 'ERROR_PLUGIN_MEMORY'
    const message = `version ${this.#spec.version} could not be started: ${this.#whyNotStarted()}`
    return new PluginError({ ...base, kind: 'unavailable', code, message, retryable: true })
  }

  #whyNotStarted(): string {
    if (this.#spawnError !== undefined) return this.#whyNotSpawned(this.#spawnError)
    const ending = this.#ending
    const problem =
      this.#startProblem ?? (ending === undefined ? 'it vanished' : `it ${describeEnding(ending)}`)
    const lines = this.lastLogLines(5)
    return lines.length === 0
      ? `${problem}; it logged nothing`
      : `${problem}; the last it logged: ${lines.join(' | ')}`
  }

  #whyNotSpawned(error: NodeJS.ErrnoException): string {
    const { command, user } = this.#spec
    if (error.code === 'ENOENT') return `there is no program '${command}'`
    if (user !== undefined && (error.code === 'EPERM' || error.code === 'EINVAL')) {
      return `this server is root but may not run programs as uid ${user.uid} (${error.code}); give it CAP_SETUID and CAP_SETGID, or set dropPrivileges to false`
    }
    if (error.code !== 'EACCES') return `'${command}' cannot be run (${error.code ?? error.message})`
    const who = user === undefined ? 'this server' : `the plugin's user (uid ${user.uid})`
    return `${who} may not run '${command}'; allow it to read and run the file and to enter the folders above it`
  }

  /** Ends when the process is gone, its group is killed and its last output is read. */
  async #watchEnd(): Promise<void> {
    const { pid } = this.#child
    if (pid === undefined) {
      await once(this.#child, 'error').catch(() => {})
      this.#finish(null, null)
      return
    }
    const drained = once(this.#child, 'close').catch(() => {})
    await once(this.#child, 'exit').catch(() => {})
    this.#signalGroup('SIGKILL')
    await Promise.race([drained, sleep(300, undefined, { ref: false })])
    this.#child.stdout?.destroy()
    this.#child.stderr?.destroy()
    this.#spec.guard.forget(pid)
    await this.#spec.folder.remove().catch(() => {})
    this.#finish(this.#child.exitCode, this.#child.signalCode)
  }

  #finish(exitCode: number | null, signal: string | null): void {
    const wasStopped = this.#state === 'stopping'
    const livedMs = this.#readyAt === 0 ? 0 : performance.now() - this.#readyAt
    const memory = this.#rssMb === undefined ? {} : { rssMb: this.#rssMb }
    this.#ending = { exitCode, signal, wasStopped, livedMs, ...memory }
    this.#state = wasStopped ? 'stopped' : 'failed'
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
      this.#port = ready.port
      this.#readyAt = performance.now()
      this.#state = 'ready'
    }
    this.#onReady?.()
  }

  #capture(raw: string): void {
    const line = this.shield.redact(raw)
    this.#logs.add(line)
    const { pluginId, version, log } = this.#spec
    const [kept] = this.#logs.last(1)
    if (kept !== undefined) log.debug({ pluginId, version, pid: this.#child.pid }, kept)
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

  async #watchMemory(): Promise<void> {
    const { maxRssMb, memorySampleMs } = this.#spec.settings
    const { pid } = this.#child
    while (pid !== undefined && this.#ending === undefined) {
      await sleep(memorySampleMs, undefined, { ref: false })
      if (this.#state !== 'starting' && this.#state !== 'ready') return
      const bytes = await readResidentBytes(pid)
      if (bytes === undefined) return
      const rssMb = Math.round(bytes / 1_048_576)
      if (rssMb <= maxRssMb) continue
      this.#rssMb = rssMb
      this.#signalGroup('SIGKILL')
      return
    }
  }
}

/** Nothing of the server's own environment reaches a plugin: no database address, no tokens, no paths. */
function environmentFor(spec: ProcessSpec): Record<string, string> {
  return {
    PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: spec.folder.path,
    TMPDIR: spec.folder.path,
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    GLEANER_PLUGIN_PORT: '0',
    GLEANER_PLUGIN_ID: spec.pluginId,
    GLEANER_PLUGIN_VERSION: spec.version,
    ...(spec.user === undefined
      ? {}
      : { GLEANER_PLUGIN_UID: String(spec.user.uid), GLEANER_PLUGIN_GID: String(spec.user.gid) }),
  }
}
