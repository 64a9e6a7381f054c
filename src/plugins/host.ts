import type { Logger } from '../access/index.ts'
import { allowanceProblem, imageOfVersion } from './image.ts'
import type { PluginConnection, PluginHost, PluginRef } from './plugin-connection.ts'
import { PluginError } from './plugin-error.ts'
import { PluginSlot, type SlotCounters, type SlotTarget } from './plugin-slot.ts'
import { OrphanGuard } from './process/orphan-guard.ts'
import type { Activity } from './process/process-activity.ts'
import type { PluginInspection, SlotReport } from './processes/slot-report.ts'
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

type PluginHostInput = {
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
  /** How each plugin is that was used, by version. */
  reports(): Promise<readonly SlotReport[]>
  /**
   * Forgets the plugin of a report, which is gone, unless somebody uses it still. Counters keep what it has
   * done.
   */
  forget(plugin: PluginName): void
  /** What can be seen of the process of a plugin; undefined when none runs. */
  inspect(ref: PluginRef): Promise<PluginInspection | undefined>
  /** How much the processes of a plugin have worked; undefined when none runs, or that cannot be seen. */
  readActivity(ref: PluginRef): Promise<Activity | undefined>
}

/** Names one version of a plugin, whatever its image. */
type PluginName = Pick<SlotReport, 'domainId' | 'pluginId' | 'version'>

/**
 * Creates the host of plugin processes. It starts nothing until somebody connects; `stop` it before the
 * server ends.
 */
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
  const forgotten: SlotCounters = { starts: 0, restarts: 0, failedStarts: 0, deaths: 0 }
  let isStopping = false

  /** The slot of a plugin that was used; looking at one makes none. */
  async function findSlot(ref: PluginRef): Promise<PluginSlot | undefined> {
    const record = await registry.getPlugin(ref)
    return slots.get(keyOf(targetOf(record, versionFor(record, ref))))
  }

  return {
    async connect(ref, signal): Promise<PluginConnection> {
      const followsNewest = ref.version === undefined || ref.version === ''
      const record = await (followsNewest ? registry.getRefreshed(ref, signal) : registry.getPlugin(ref))
      if (isStopping) throw stoppingError(ref)
      assertMayRun(record, settings)
      return slotFor(slots, targetOf(record, versionFor(record, ref)), context).connect(signal)
    },
    async stop() {
      isStopping = true
      await Promise.all([...slots.values()].map((slot) => slot.stop()))
      await context.guard.stop()
    },
    inspect: async (ref) => (await findSlot(ref))?.inspect(),
    readActivity: async (ref) => (await findSlot(ref))?.readActivity(),
    counters: () => addUp([...slots.values()], forgotten),
    reports: () => Promise.all([...slots.values()].map((slot) => slot.report())),
    forget(plugin) {
      for (const [key, slot] of slots) {
        if (slot.isUsed || !isOf(slot.target, plugin)) continue
        slots.delete(key)
        for (const name of COUNTED) forgotten[name] += slot.counters[name]
      }
    },
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

function targetOf({ pluginId, registration, image }: PluginRecord, version: string): SlotTarget {
  return { domainId: registration?.domainId ?? '', pluginId, version, image: imageOfVersion(image, version) }
}

/** A record whose image changed gets a new slot; the process of the old one ends when it is idle. */
function slotFor(slots: Map<string, PluginSlot>, target: SlotTarget, context: RuntimeContext): PluginSlot {
  const key = keyOf(target)
  const slot = slots.get(key) ?? new PluginSlot(target, context)
  slots.set(key, slot)
  return slot
}

function keyOf({ domainId, pluginId, version, image }: SlotTarget): string {
  return JSON.stringify([domainId, pluginId, version, image])
}

function isOf(target: SlotTarget, { domainId, pluginId, version }: PluginName): boolean {
  return target.domainId === domainId && target.pluginId === pluginId && target.version === version
}

function stoppingError({ pluginId }: PluginRef): PluginError {
  const message = 'this server is stopping'
  const code = 'ERROR_PLUGIN_CANCELED'
  return new PluginError({ pluginId, during: 'start', kind: 'canceled', code, message, retryable: true })
}

const COUNTED = ['starts', 'restarts', 'failedStarts', 'deaths'] as const

function addUp(slots: readonly PluginSlot[], forgotten: SlotCounters): PluginHostCounters {
  const sum = (pick: (slot: PluginSlot) => number) => slots.reduce((total, slot) => total + pick(slot), 0)
  return {
    starts: forgotten.starts + sum((slot) => slot.counters.starts),
    restarts: forgotten.restarts + sum((slot) => slot.counters.restarts),
    failedStarts: forgotten.failedStarts + sum((slot) => slot.counters.failedStarts),
    deaths: forgotten.deaths + sum((slot) => slot.counters.deaths),
    running: sum((slot) => (slot.isRunning ? 1 : 0)),
    connections: sum((slot) => slot.connectionCount),
  }
}
