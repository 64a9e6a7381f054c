import { randomBytes } from 'node:crypto'
import type { JsonObject } from '@bufbuild/protobuf'
import { GleanerError } from '../../src/core/errors.ts'
import { toBlock } from '../../src/core/message-block.ts'
import type { SecretData } from '../../src/core/secret-data.ts'
import type { Plan, PluginDescription } from '../../src/gen/gleaner/plugin/v1/extension_pb.ts'
import {
  type CollectCall,
  createPluginRegistry,
  type PluginConnection,
  PluginError,
  type PluginHost,
  type PluginMetadata,
  type PluginRecord,
  type PluginRef,
  type PluginRegistry,
} from '../../src/plugins/index.ts'
import { serveScript } from './serve-script.ts'

/** What a plugin does when it is asked to describe itself and to collect. */
export type Script = {
  readonly verify?: (call: { options: JsonObject; secretData: SecretData }) => void
  readonly init?: (options: JsonObject, version: string) => PluginMetadata | Promise<PluginMetadata>
  /** Without it the plugin has no `Job` service. */
  readonly getTasks?: (call: {
    options: JsonObject
    filter: JsonObject
  }) => readonly JsonObject[] | Promise<readonly JsonObject[]>
  readonly describe?: () => PluginDescription
  /** Without it the plugin predicts nothing. */
  readonly plan?: (call: Omit<CollectCall, 'observer'>) => Plan | Promise<Plan>
  readonly collect?: (call: CollectCall, signal: AbortSignal) => AsyncIterable<readonly Uint8Array[]>
}

/**
 * Plugins that follow a script inside this process: the port's other adapter, for what must happen in a
 * certain order.
 */
export class ScriptedPlugins implements PluginHost {
  readonly #scripts = new Map<string, Script>()
  readonly #records: PluginRecord[] = []
  /** Versions in the order they were connected to. */
  readonly connected: string[] = []
  openConnections = 0

  /** Adds a plugin and returns its id. */
  add(script: Script, record: Partial<PluginRecord> = {}): string {
    const pluginId = `plugin-${randomBytes(6).toString('hex')}`
    this.#scripts.set(pluginId, script)
    this.#records.push({
      pluginId,
      name: pluginId,
      image: 'builtin:scripted',
      serviceType: 'inventory.Collector',
      provider: 'acme',
      capability: {},
      versions: ['1.0.0'],
      labels: [],
      ...record,
    })
    return pluginId
  }

  /** Changes the record of a plugin that was added. */
  change(pluginId: string, changes: Partial<PluginRecord>): void {
    const at = this.#records.findIndex((record) => record.pluginId === pluginId)
    this.#records.splice(at, 1, { ...this.#records[at], ...changes } as PluginRecord)
  }

  get registry(): PluginRegistry {
    return createPluginRegistry({ records: this.#records })
  }

  async connect({ pluginId, version }: PluginRef): Promise<PluginConnection> {
    const script = this.#scripts.get(pluginId)
    const record = await this.registry.getPlugin({ pluginId })
    const running = version ?? record.versions[0] ?? ''
    this.connected.push(running)
    this.openConnections++
    return {
      pluginId,
      version: running,
      init: async (options) => (await script?.init?.(options, running)) ?? {},
      describe: async () => script?.describe?.(),
      verify: async (call) => script?.verify?.(call),
      getTasks: async (call) => script?.getTasks?.(call),
      plan: async (call) => script?.plan?.(call),
      collect: (call, signal) => script?.collect?.(call, signal) ?? sends(),
      async *collectBlocks(call, signal) {
        for await (const messages of script?.collect?.(call, signal) ?? sends()) yield messages.map(toBlock)
      },
      handOver: (call, signal) => serveScript((gone) => script?.collect?.(call, gone) ?? sends(), signal),
      lastLogLines: () => [],
      release: () => {
        this.openConnections--
      },
    }
  }

  async stop(): Promise<void> {}
}

/** A stream of these messages, in one chunk, that then ends well. */
export async function* sends(...messages: readonly Uint8Array[]): AsyncGenerator<readonly Uint8Array[]> {
  if (messages.length > 0) yield messages
}

/** Says when it was reached, and lets pass when it is opened or the signal ends the wait. */
export class Gate {
  readonly #reached = Promise.withResolvers<void>()
  readonly #opened = Promise.withResolvers<void>()
  readonly reached = this.#reached.promise

  open(): void {
    this.#opened.resolve()
  }

  async pass(signal: AbortSignal): Promise<void> {
    this.#reached.resolve()
    const gone = Promise.withResolvers<never>()
    const leave = () => gone.reject(signal.reason)
    signal.addEventListener('abort', leave, { once: true })
    try {
      signal.throwIfAborted()
      await Promise.race([this.#opened.promise, gone.promise])
    } finally {
      signal.removeEventListener('abort', leave)
    }
  }
}

/** A failure as the plugin host reports it. */
export function pluginFailure(retryable: boolean, code = 'ERROR_PROVIDER', during = 'collect'): PluginError {
  const kind = retryable ? 'unavailable' : 'internal'
  return new PluginError({ pluginId: 'acme', during, kind, code, message: 'the cloud said no', retryable })
}

/** Claims that an error is one of ours, for its kind and code. */
export function asGleanerError(error: unknown): GleanerError {
  if (error instanceof GleanerError) return error
  throw new Error(`not one of ours: ${String(error)}`)
}
