import type { Activity } from './process/process-activity.ts'
import type { SecretShield } from './secret-shield.ts'

/** How a plugin process ended. */
export type PluginEnding = {
  readonly exitCode: number | null
  readonly signal: string | null
  /** Set when the host killed it for using too much memory. */
  readonly rssMb?: number
  /** True when the host asked it to end. */
  readonly wasStopped: boolean
  /** How long it had been ready. */
  readonly livedMs: number
}

/** A plugin that was brought up and serves the protocol, wherever it runs. */
export interface RunningPlugin {
  /** `host:port` of its gRPC server. */
  readonly address: string
  /** True when that server speaks TLS. */
  readonly isEncrypted?: boolean
  readonly shield: SecretShield
  /** What identifies the image that it was started from, whatever its tag; of a container only. */
  readonly imageDigest?: string
  /** Set once it has ended. A remote plugin never ends, it only stops answering. */
  readonly ending: PluginEnding | undefined
  /** `ending`, after a short wait for a process whose socket closed before its exit was noticed. */
  settleEnding(): Promise<PluginEnding | undefined>
  /** The newest lines of its log, oldest first, free of secrets and control bytes. */
  lastLogLines(count: number): readonly string[]
  /** Resident memory of it and what it forked, in bytes; undefined where that cannot be seen. */
  readMemory(): Promise<number | undefined>
  /** How much it and what it forked have worked; undefined where that cannot be seen. */
  readActivity(): Promise<Activity | undefined>
  /** Calls back once, when it has ended for whatever reason. */
  onEnd(listener: (ending: PluginEnding) => void): void
  stop(): Promise<void>
}

/** Says in words how a process ended, for the middle of a sentence. */
export function describeEnding(ending: PluginEnding): string {
  if (ending.rssMb !== undefined)
    return `was killed for using ${ending.rssMb} MiB of memory (GLEANER_PLUGIN_MAX_MEMORY_MB raises the limit)`
  if (ending.wasStopped) return 'was stopped by this server'
  if (ending.signal !== null) return `was killed by ${ending.signal}`
  return `exited with code ${ending.exitCode ?? 'unknown'}`
}
