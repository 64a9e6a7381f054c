import {
  type DescMessage,
  type DescMethodUnary,
  fromBinary,
  type JsonObject,
  type MessageShape,
} from '@bufbuild/protobuf'
import { type MessageBlock, messagesOf } from '../core/message-block.ts'
import type { SecretData } from '../core/secret-data.ts'
import { inSpan, openSpan } from '../core/trace.ts'
import {
  CollectRequestSchema,
  DescribeRequestSchema,
  Extension,
  type Plan,
  type PluginDescription,
} from '../gen/gleaner/plugin/v1/extension_pb.ts'
import {
  Collector,
  InitRequestSchema,
  VerifyRequestSchema,
} from '../gen/spaceone/api/inventory/plugin/collector_pb.ts'
import { GetTaskRequestSchema, Job } from '../gen/spaceone/api/inventory/plugin/job_pb.ts'
import { CallScope } from './call-scope.ts'
import { callUnary } from './grpc/calls.ts'
import { GrpcChannel } from './grpc/channel.ts'
import type { CollectCall, PluginConnection, PluginMetadata } from './plugin-connection.ts'
import { PluginError } from './plugin-error.ts'
import { revealAsJson } from './reveal.ts'
import type { RunningPlugin } from './running-plugin.ts'
import type { PluginSettings } from './settings.ts'
import type { CollectOrder, HandedCall } from './stream/collect-order.ts'
import { readCollect } from './stream/read-collect.ts'

type ConnectionInput = {
  readonly pluginId: string
  readonly version: string
  /** '' of one that serves several domains. */
  readonly domainId: string
  readonly plugin: RunningPlugin
  readonly settings: PluginSettings
  /** Called once. */
  readonly onRelease?: () => void
}

type OptionsAndSecret = { readonly options: JsonObject; readonly secretData: SecretData }

/**
 * A gRPC channel of its own to a running plugin, so that a reader who pauses never holds up another task's
 * calls. The plugin gets an empty Struct wherever there is nothing to say: many check that the key is there.
 */
export class GrpcPluginConnection implements PluginConnection {
  readonly pluginId: string
  readonly version: string
  readonly #input: ConnectionInput
  readonly #channel: GrpcChannel
  readonly #released = new AbortController()
  #description: { readonly value: PluginDescription | undefined } | undefined

  constructor(input: ConnectionInput) {
    this.#input = input
    this.pluginId = input.pluginId
    this.version = input.version
    this.#channel = new GrpcChannel(input.plugin, input.settings)
  }

  /** Waits until the plugin has spoken HTTP/2; throws a retryable error when it does not. */
  async open(signal: AbortSignal): Promise<void> {
    using scope = this.#scope('connect', signal)
    const { promise: canceled, resolve: cancel } = Promise.withResolvers<void>()
    scope.onCancel(cancel)
    await this.#guard(scope, Promise.race([this.#channel.open(), canceled]))
    scope.assertWanted()
  }

  async init(options: JsonObject, signal: AbortSignal): Promise<PluginMetadata> {
    using scope = this.#scope('init', signal)
    const request = scope.encode(InitRequestSchema, { options })
    const { initTimeoutMs } = this.#input.settings
    const reply = await this.#unary(Collector.method.init, request, scope, initTimeoutMs)
    return reply.metadata ?? {}
  }

  /**
   * A plugin that fails at a service it may not know is used without it, whatever it answers. What ends the
   * call for another reason, such as a dead process, does so.
   */
  async describe(signal: AbortSignal): Promise<PluginDescription | undefined> {
    if (this.#description !== undefined) return this.#description.value
    using scope = this.#scope('describe', signal)
    const request = scope.encode(DescribeRequestSchema, {})
    const { connectTimeoutMs } = this.#input.settings
    try {
      const value = await this.#unary(Extension.method.describe, request, scope, connectTimeoutMs)
      this.#description = { value }
    } catch (error) {
      scope.assertWanted()
      if (!this.#channel.isConnected) throw error
      this.#description = { value: undefined }
    }
    return this.#description.value
  }

  async verify(call: OptionsAndSecret, signal: AbortSignal): Promise<void> {
    using scope = this.#scope('verify', signal, call.secretData)
    const secretData = revealAsJson(call.secretData)
    const request = scope.encode(VerifyRequestSchema, { options: call.options, secretData })
    await this.#unary(Collector.method.verify, request, scope, this.#input.settings.verifyTimeoutMs)
  }

  async getTasks(
    call: OptionsAndSecret & { readonly filter: JsonObject },
    signal: AbortSignal,
  ): Promise<readonly JsonObject[] | undefined> {
    using scope = this.#scope('get_tasks', signal, call.secretData)
    const secretData = revealAsJson(call.secretData)
    const { options, filter } = call
    const request = scope.encode(GetTaskRequestSchema, { options, secretData, taskFilter: filter })
    try {
      const { getTasksTimeoutMs } = this.#input.settings
      const reply = await this.#unary(Job.method.get_tasks, request, scope, getTasksTimeoutMs)
      return reply.tasks.map((task) => task.taskOptions ?? {})
    } catch (error) {
      if (error instanceof PluginError && error.kind === 'unimplemented') return undefined
      throw error
    }
  }

  async plan(call: Omit<CollectCall, 'observer'>, signal: AbortSignal): Promise<Plan | undefined> {
    if ((await this.describe(signal)) === undefined) return undefined
    using scope = this.#scope('plan', signal, call.secretData)
    const { verifyTimeoutMs } = this.#input.settings
    try {
      return await this.#unary(Extension.method.plan, encodeCall(call, scope), scope, verifyTimeoutMs)
    } catch (error) {
      if (error instanceof PluginError && error.kind === 'unimplemented') return undefined
      throw error
    }
  }

  async *collect(call: CollectCall, signal: AbortSignal): AsyncGenerator<readonly Uint8Array[]> {
    for await (const blocks of this.collectBlocks(call, signal)) yield blocks.flatMap(messagesOf)
  }

  async *collectBlocks(call: CollectCall, signal: AbortSignal): AsyncGenerator<readonly MessageBlock[]> {
    const { scope, order, explain, end } = await this.#prepareCollect(call, signal)
    const onCancel = (cancel: () => void) => scope.onCancel(cancel)
    try {
      for await (const blocks of readCollect(this.#channel, order, { observer: call.observer, onCancel })) {
        yield blocks
        scope.assertWanted()
      }
    } catch (error) {
      throw await explain(error)
    } finally {
      end()
    }
  }

  async handOver(call: CollectCall, signal: AbortSignal): Promise<HandedCall> {
    const { order, explain, end } = await this.#prepareCollect(call, signal)
    return { order, explain, end, signal: AbortSignal.any([signal, this.#released.signal]) }
  }

  async #prepareCollect(call: CollectCall, signal: AbortSignal) {
    const scope = this.#scope('collect', signal, call.secretData)
    try {
      scope.assertWanted()
      const hasExtension = (await this.describe(signal)) !== undefined
      const request = encodeCall(hasExtension ? call : { ...call, known: [], measured: [] }, scope)
      const path = pathOf(hasExtension ? Extension.method.collect : Collector.method.collect)
      const { address, isEncrypted = false } = this.#input.plugin
      const span = openSpan(this.#span(path))
      const order: CollectOrder = {
        target: { address, isEncrypted },
        settings: pickReading(this.#input.settings),
        path,
        request,
        isBatched: hasExtension,
        trace: span.headers,
      }
      const explain = async (thrown: unknown) => {
        const failure = await scope.toError(thrown)
        span.fail(failure)
        return failure
      }
      const end = () => {
        span.end()
        scope[Symbol.dispose]()
      }
      return { scope, order, explain, end }
    } catch (error) {
      scope[Symbol.dispose]()
      throw error
    }
  }

  lastLogLines(count: number): readonly string[] {
    const { domainId, plugin } = this.#input
    return domainId === '' ? [] : plugin.lastLogLines(count)
  }

  release(): void {
    if (this.#released.signal.aborted) return
    this.#released.abort()
    this.#channel.close()
    this.#input.onRelease?.()
  }

  #scope(during: string, signal: AbortSignal, secretData?: SecretData): CallScope {
    const { pluginId, plugin } = this.#input
    return new CallScope({
      pluginId,
      plugin,
      during,
      lastLogLine: () => this.lastLogLines(1)[0],
      signals: [signal, this.#released.signal],
      isConnected: () => this.#channel.isConnected,
      ...(secretData === undefined ? {} : { secretData }),
    })
  }

  async #unary<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: Uint8Array,
    scope: CallScope,
    timeoutMs: number,
  ): Promise<MessageShape<O>> {
    scope.assertWanted()
    const { maxMessageBytes } = this.#input.settings
    const onCancel = (cancel: () => void) => scope.onCancel(cancel)
    const path = pathOf(method)
    return await inSpan(this.#span(path), async ({ headers: trace }) => {
      const call = callUnary(this.#channel, { path, request, timeoutMs, maxMessageBytes, onCancel, trace })
      return decodeReply(method.output, await this.#guard(scope, call), scope)
    })
  }

  #span(path: string) {
    const attributes = { 'gleaner.plugin_id': this.pluginId, 'gleaner.plugin_version': this.version }
    return { name: path.slice(1), kind: 'client', attributes } as const
  }

  /** Turns a failure of the transport into what callers see. */
  async #guard<T>(scope: CallScope, work: Promise<T>): Promise<T> {
    try {
      return await work
    } catch (error) {
      throw await scope.toError(error)
    }
  }
}

/**
 * A request of the extension service; without what is known it is one of the public protocol as well, byte by
 * byte.
 */
function encodeCall(
  { filter, known = [], measured = [], options, secretData, taskOptions }: Omit<CollectCall, 'observer'>,
  scope: CallScope,
): Uint8Array {
  return scope.encode(CollectRequestSchema, {
    options,
    secretData: revealAsJson(secretData),
    filter,
    ...(taskOptions === undefined ? {} : { taskOptions }),
    known: [...known],
    measured: [...measured],
  })
}

function decodeReply<O extends DescMessage>(schema: O, bytes: Uint8Array, scope: CallScope): MessageShape<O> {
  try {
    return fromBinary(schema, bytes)
  } catch {
    const message = `it answered ${bytes.length} bytes that are no ${schema.name} message`
    throw scope.error({ kind: 'failed_precondition', code: 'ERROR_PLUGIN_REPLY', message, retryable: false })
  }
}

/**
 * What of the settings reading a stream takes: others may hold what cannot be handed to a thread, or need
 * not.
 */
function pickReading(settings: PluginSettings): CollectOrder['settings'] {
  const { connectTimeoutMs, windowBytes, keepaliveMs, caFile, certFile, keyFile } = settings
  const { maxBufferedBytes, maxMessageBytes, silenceTimeoutMs } = settings
  return {
    connectTimeoutMs,
    windowBytes,
    keepaliveMs,
    caFile,
    certFile,
    keyFile,
    maxBufferedBytes,
    maxMessageBytes,
    silenceTimeoutMs,
  }
}

function pathOf(method: { parent: { typeName: string }; name: string }): string {
  return `/${method.parent.typeName}/${method.name}`
}
