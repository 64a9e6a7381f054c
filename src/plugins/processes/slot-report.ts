import type { PluginHealth } from './probe-health.ts'

/**
 * How the process of a plugin is, as its host sees it.
 *
 * - `STOPPED`: nobody uses it; the next user starts it.
 * - `STARTING`: was started and does not serve yet.
 * - `RUNNING`: serves.
 * - `PAUSED`: failed too often, and is not started again before a while is over.
 */
export type SlotState = 'STOPPED' | 'STARTING' | 'RUNNING' | 'PAUSED'

/** A running plugin, seen from outside. */
export type PluginInspection = {
  /** Resident memory; undefined where it cannot be seen. */
  readonly memoryBytes: number | undefined
  readonly logLines: readonly string[]
  /** Texts of it, log lines above all, that secrets had to be cut out of. */
  readonly secretsCut: number
}

/** What can be told of one (plugin, version) on one host. */
export type SlotReport = {
  /** '' for a plugin that comes with the server: its process serves all domains. */
  readonly domainId: string
  readonly pluginId: string
  readonly version: string
  readonly state: SlotState
  readonly health: PluginHealth
  readonly startedAt: Date | undefined
  /** Of the image that runs, or ran last; '' for what is no container. */
  readonly imageDigest: string
  readonly memoryBytes: number | undefined
  readonly connections: number
  readonly starts: number
  readonly failedStarts: number
  readonly deaths: number
  readonly failure: SlotFailure | undefined
  readonly pausedUntil: Date | undefined
  /** The newest lines of its log; after its end, those of the process that was there last. */
  readonly logLines: readonly string[]
}

/** Why it did not start, or ended unasked, the last time. */
export type SlotFailure = {
  readonly at: Date
  readonly code: string
  /** Holds nothing that it logged once it served. */
  readonly message: string
}
