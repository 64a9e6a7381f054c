import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { JsonObject } from '@bufbuild/protobuf'
import { SecretData } from '../core/secret-data.ts'
import {
  createPluginHost,
  createPluginRegistry,
  DEFAULT_PLUGIN_SETTINGS,
  LAUNCHER,
  type PluginConnection,
  type PluginSettings,
  type ProcessHost,
  RUNTIME_NAMES,
  runtimeOf,
} from '../plugins/index.ts'

const PLUGIN_ID = 'plugin-under-test'

type PluginInput = { readonly options: JsonObject; readonly secretData: SecretData }

/** One plugin on a host of its own, in a folder that is removed with it. */
export type Workbench = {
  readonly image: string
  readonly input: PluginInput
  readonly signal: AbortSignal
  /** After which a server gives up: an `init`, and a stream that says nothing. */
  readonly limits: Pick<PluginSettings, 'initTimeoutMs' | 'silenceTimeoutMs'>
  connect(): Promise<PluginConnection>
  readonly memoryLoad: MemoryLoad
  /** After a canceled call, for the next answer, and then for an end of all work. */
  readonly cancelWithinMs: number
  readonly restWithinMs: number
  inspect(): ReturnType<ProcessHost['inspect']>
  /** What its processes have done up to now; undefined where that cannot be seen. */
  readonly readActivity: () => ReturnType<ProcessHost['readActivity']>
  close(): Promise<void>
}

/**
 * How long collects are repeated to see whether memory grows: until so many messages have passed, and no
 * longer than that.
 */
type MemoryLoad = { readonly messages: number; readonly withinMs: number }

const CANCEL_WITHIN_MS = 5_000
const REST_WITHIN_MS = 10_000
const MEMORY_LOAD: MemoryLoad = { messages: 100_000, withinMs: 20_000 }

export type WorkbenchInput = {
  /** An image, or the path of a module whose default export is a plugin of the SDK. */
  readonly image: string
  readonly options?: JsonObject
  readonly secretData?: JsonObject
  readonly signal: AbortSignal
  readonly settings?: Partial<PluginSettings>
  /** Default 100,000 messages, within 20 s. */
  readonly memoryLoad?: Partial<MemoryLoad>
  /** Default 5 s. */
  readonly cancelWithinMs?: number
  /** Default 10 s. */
  readonly restWithinMs?: number
}

export async function openWorkbench(input: WorkbenchInput): Promise<Workbench> {
  const { signal } = input
  const isModule = runtimeOf(input.image) === undefined && existsSync(input.image)
  const image = isModule ? commandOf(input.image) : input.image
  const dataDir = await mkdtemp(join(tmpdir(), 'gleaner-workbench-'))
  const record = {
    pluginId: PLUGIN_ID,
    name: input.image,
    image,
    serviceType: 'inventory.Collector',
    provider: '',
    capability: {},
    versions: ['latest'],
    labels: [],
  } as const
  const host = createPluginHost({
    dataDir,
    log: SILENT,
    registry: createPluginRegistry({ records: [record] }),
    // A module in the making lies in its author's home, where no other user gets.
    settings: {
      allowedRuntimes: RUNTIME_NAMES,
      dropPrivileges: !isModule,
      startTimeoutMs: 60_000,
      ...input.settings,
    },
  })
  return {
    image: input.image,
    input: { options: input.options ?? {}, secretData: new SecretData(input.secretData ?? {}) },
    signal,
    limits: { ...DEFAULT_PLUGIN_SETTINGS, ...input.settings },
    cancelWithinMs: input.cancelWithinMs ?? CANCEL_WITHIN_MS,
    restWithinMs: input.restWithinMs ?? REST_WITHIN_MS,
    memoryLoad: { ...MEMORY_LOAD, ...input.memoryLoad },
    connect: () => host.connect({ pluginId: PLUGIN_ID }, signal),
    inspect: () => host.inspect({ pluginId: PLUGIN_ID }),
    readActivity: () => host.readActivity({ pluginId: PLUGIN_ID }),
    async close() {
      await host.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

const ignore = () => {}
/** The plugin's log is looked at through the host; nobody reads it line by line. */
const SILENT = { debug: ignore, info: ignore, warn: ignore, error: ignore }

function commandOf(path: string): string {
  return `cmd:${JSON.stringify([process.execPath, LAUNCHER, resolve(path)])}`
}
