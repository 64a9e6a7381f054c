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

export type PluginInput = { readonly options: JsonObject; readonly secretData: SecretData }

/** One plugin on a host of its own, in a folder that is removed with it. */
export type Workbench = {
  readonly image: string
  readonly input: PluginInput
  readonly signal: AbortSignal
  /** After which a server gives up: an `init`, and a stream that says nothing. */
  readonly limits: Pick<PluginSettings, 'initTimeoutMs' | 'silenceTimeoutMs'>
  connect(): Promise<PluginConnection>
  inspect(): ReturnType<ProcessHost['inspect']>
  close(): Promise<void>
}

export type WorkbenchInput = {
  /** An image, or the path of a module whose default export is a plugin of the SDK. */
  readonly image: string
  readonly options?: JsonObject
  readonly secretData?: JsonObject
  readonly signal: AbortSignal
  readonly settings?: Partial<PluginSettings>
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
    connect: () => host.connect({ pluginId: PLUGIN_ID }, signal),
    inspect: () => host.inspect({ pluginId: PLUGIN_ID }),
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
