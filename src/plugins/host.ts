import type { Logger } from '../access/index.ts'
import { allowanceProblem, imageOfVersion } from './image.ts'
import type { PluginConnection, PluginHost, PluginRef } from './plugin-connection.ts'
import { PluginError } from './plugin-error.ts'
import { type PluginInspection, PluginSlot } from './plugin-slot.ts'
import { OrphanGuard } from './process/orphan-guard.ts'
import type { Activity } from './process/process-activity.ts'
import type { SlotReport } from './processes/slot-report.ts'
import type { PluginRecord, PluginRegistry } from './registry.ts'
import { newestVersion, resolveVersion } from './resolve-version.ts'
import type { RuntimeContext } from './runtimes/runtime.ts'
import { DEFAULT_PLUGIN_SETTINGS, type PluginSettings } from './settings.ts'

/** What the host has done since it was created, and what it does now. */
export type PluginHostCounters = {
  /** Starts tried; `restarts` of them were not the first of their plugin. */
  readonly starts: number
  readonly restarts: number
  readonly failedStarts: number
  /** Ready processes that ended unasked. */
  readonly deaths: number
  readonly running: number
  readonly connections: number
}

export type PluginHostInput = {
  readonly registry: PluginRegistry
  /** Plugin processes get folders below `plugins/` in here. */
  readonly dataDir: string
  readonly log: Logger
  readonly settings?: Partial<PluginSettings>
  /** Default: that of this process. */
  readonly env?: NodeJS.ProcessEnv
}

/** The host as the process that owns it sees it. */
export type ProcessHost = PluginHost & {
  counters(): PluginHostCounters
  /** How each plugin is that was ever used, by version. */
  reports(): Promise<readonly SlotReport[]>
  /** What can be seen of the process of a plugin; undefined when none runs. */
  inspect(ref: PluginRef): Promise<PluginInspection | undefined>
  /** How much the processes of a plugin have worked; undefined when none runs, or that cannot be seen. */
  readActivity(ref: PluginRef): Promise<Activity | undefined>
}

/** Creates the host of plugin processes. It starts nothing until somebody connects; `stop` it before the server ends. */
export function createPluginHost(input: PluginHostInput): ProcessHost {
  const { dataDir, log, registry } = input
  const settings = { ...DEFAULT_PLUGIN_SETTINGS, ...input.settings }
  const context: RuntimeContext = {
    dataDir,
    log,
    settings,
    guard: new OrphanGuard(),
    env: input.env ?? process.env,
  }
  const slots = new Map<string, PluginSlot>()
  let isStopping = false

  return {
    async connect(ref, signal): Promise<PluginConnection> {
      const followsNewest = ref.version === undefined || ref.version === ''
      const record = await (followsNewest ? registry.getRefreshed(ref, signal) : registry.getPlugin(ref))
      if (isStopping) throw stoppingError(ref)
      assertMayRun(record, settings)
      return slotFor(slots, record, versionFor(record, ref), context).connect(signal)
    },
    async stop() {
      isStopping = true
      await Promise.all([...slots.values()].map((slot) => slot.stop()))
      await context.guard.stop()
    },
    async inspect(ref) {
      const record = await registry.getPlugin(ref)
      return slotFor(slots, record, versionFor(record, ref), context).inspect()
    },
    async readActivity(ref) {
      const record = await registry.getPlugin(ref)
      return slotFor(slots, record, versionFor(record, ref), context).readActivity()
    },
    counters: () => addUp([...slots.values()]),
    reports: () => Promise.all([...slots.values()].map((slot) => slot.report())),
  }
}

function versionFor(record: PluginRecord, { version }: PluginRef): string {
  if (version === undefined || version === '') return newestVersion(record)
  return resolveVersion(record, { version, upgradeMode: 'MANUAL' })
}

/** The configuration may have changed since the plugin was registered, or be another one in this process. */
function assertMayRun({ pluginId, image, registration }: PluginRecord, settings: PluginSettings): void {
  const problem = registration === undefined ? undefined : allowanceProblem(image, settings)
  if (problem === undefined) return
  const fields = { kind: 'failed_precondition', code: 'ERROR_PLUGIN_IMAGE', message: problem } as const
  throw new PluginError({ pluginId, during: 'start', ...fields, retryable: false })
}

/** A record whose image changed gets a new slot; the process of the old one ends when it is idle. */
function slotFor(
  slots: Map<string, PluginSlot>,
  record: PluginRecord,
  version: string,
  context: RuntimeContext,
): PluginSlot {
  const { pluginId, registration } = record
  const image = imageOfVersion(record.image, version)
  const domainId = registration?.domainId ?? ''
  const key = JSON.stringify([domainId, pluginId, version, image])
  const slot = slots.get(key) ?? new PluginSlot({ domainId, pluginId, version, image }, context)
  slots.set(key, slot)
  return slot
}

function stoppingError({ pluginId }: PluginRef): PluginError {
  const message = 'this server is stopping'
  const code = 'ERROR_PLUGIN_CANCELED'
  return new PluginError({ pluginId, during: 'start', kind: 'canceled', code, message, retryable: true })
}

function addUp(slots: readonly PluginSlot[]): PluginHostCounters {
  const sum = (pick: (slot: PluginSlot) => number) => slots.reduce((total, slot) => total + pick(slot), 0)
  return {
    starts: sum((slot) => slot.counters.starts),
    restarts: sum((slot) => slot.counters.restarts),
    failedStarts: sum((slot) => slot.counters.failedStarts),
    deaths: sum((slot) => slot.counters.deaths),
    running: sum((slot) => (slot.isRunning ? 1 : 0)),
    connections: sum((slot) => slot.connectionCount),
  }
}
