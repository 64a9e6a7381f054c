import {
  type DescMessage,
  type DescMethodUnary,
  fromBinary,
  type JsonObject,
  type MessageShape,
} from '@bufbuild/protobuf'
import { Client, connectivityState, credentials, type ServiceError, status } from '@grpc/grpc-js'
import type { SecretData } from '../core/secret-data.ts'
import {
  Collector,
  CollectRequestSchema,
  InitRequestSchema,
  VerifyRequestSchema,
} from '../gen/spaceone/api/inventory/plugin/collector_pb.ts'
import { GetTaskRequestSchema, Job } from '../gen/spaceone/api/inventory/plugin/job_pb.ts'
import { CallScope } from './call-scope.ts'
import { channelOptions } from './channel-options.ts'
import { readMessages } from './message-stream.ts'
import type { CollectCall, PluginConnection, PluginMetadata } from './plugin-connection.ts'
import { PluginError } from './plugin-error.ts'
import { revealAsJson } from './reveal.ts'
import type { RunningPlugin } from './running-plugin.ts'
import type { PluginSettings } from './settings.ts'

export type ConnectionInput = {
  readonly pluginId: string
  readonly version: string
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
  readonly #client: Client
  readonly #released = new AbortController()

  constructor(input: ConnectionInput) {
    this.#input = input
    this.pluginId = input.pluginId
    this.version = input.version
    this.#client = new Client(
      input.plugin.address,
      credentials.createInsecure(),
      channelOptions(input.settings),
    )
  }

  /** Waits until the plugin has spoken HTTP/2; throws a retryable error when it does not. */
  async open(signal: AbortSignal): Promise<void> {
    using scope = this.#scope('connect', signal)
    const { connectTimeoutMs } = this.#input.settings
    const { promise, resolve } = Promise.withResolvers<boolean>()
    scope.onCancel(() => resolve(false))
    this.#client.waitForReady(Date.now() + connectTimeoutMs, (error) => resolve(error === undefined))
    if (await promise) return
    const details = `nothing spoke gRPC on ${this.#input.plugin.address} within ${connectTimeoutMs / 1_000} s`
    throw await scope.toError({ code: status.UNAVAILABLE, details })
  }

  async init(options: JsonObject, signal: AbortSignal): Promise<PluginMetadata> {
    using scope = this.#scope('init', signal)
    const request = scope.encode(InitRequestSchema, { options })
    const { initTimeoutMs } = this.#input.settings
    const reply = await this.#unary(Collector.method.init, request, scope, initTimeoutMs)
    return reply.metadata ?? {}
  }

  async verify(call: OptionsAndSecret, signal: AbortSignal): Promise<void> {
    using scope = this.#scope('verify', signal, call.secretData)
    const secretData = revealAsJson(call.secretData)
    const request = scope.encode(VerifyRequestSchema, { options: call.options, secretData })
    await this.#unary(Collector.method.verify, request, scope, this.#input.settings.verifyTimeoutMs)
  }

  async getTasks(call: OptionsAndSecret, signal: AbortSignal): Promise<readonly JsonObject[] | undefined> {
    using scope = this.#scope('get_tasks', signal, call.secretData)
    const secretData = revealAsJson(call.secretData)
    const request = scope.encode(GetTaskRequestSchema, { options: call.options, secretData, taskFilter: {} })
    try {
      const { getTasksTimeoutMs } = this.#input.settings
      const reply = await this.#unary(Job.method.get_tasks, request, scope, getTasksTimeoutMs)
      return reply.tasks.map((task) => task.taskOptions ?? {})
    } catch (error) {
      if (error instanceof PluginError && error.kind === 'unimplemented') return undefined
      throw error
    }
  }

  async *collect(call: CollectCall, signal: AbortSignal): AsyncGenerator<readonly Uint8Array[]> {
    using scope = this.#scope('collect', signal, call.secretData)
    scope.assertWanted()
    const request = scope.encode(CollectRequestSchema, {
      options: call.options,
      secretData: revealAsJson(call.secretData),
      filter: call.filter,
      ...(call.taskOptions === undefined ? {} : { taskOptions: call.taskOptions }),
    })
    const stream = this.#client.makeServerStreamRequest(pathOf(Collector.method.collect), asIs, asIs, request)
    scope.onCancel(() => stream.cancel())
    const { maxBufferedBytes, silenceTimeoutMs } = this.#input.settings
    try {
      yield* readMessages(stream, {
        maxBufferedBytes,
        silenceTimeoutMs,
        assertWanted: () => scope.assertWanted(),
      })
    } catch (error) {
      throw isServiceError(error) ? await scope.toError(error) : error
    }
  }

  release(): void {
    if (this.#released.signal.aborted) return
    this.#released.abort()
    this.#client.close()
    this.#input.onRelease?.()
  }

  #scope(during: string, signal: AbortSignal, secretData?: SecretData): CallScope {
    const { pluginId, plugin } = this.#input
    const signals = [signal, this.#released.signal]
    const isConnected = () =>
      this.#client.getChannel().getConnectivityState(false) === connectivityState.READY
    return new CallScope({
      pluginId,
      plugin,
      during,
      signals,
      isConnected,
      ...(secretData === undefined ? {} : { secretData }),
    })
  }

  async #unary<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: Buffer,
    scope: CallScope,
    timeoutMs: number,
  ): Promise<MessageShape<O>> {
    scope.assertWanted()
    const { promise, resolve } = Promise.withResolvers<Buffer | ServiceError>()
    const options = { deadline: Date.now() + timeoutMs }
    const call = this.#client.makeUnaryRequest(
      pathOf(method),
      asIs,
      asIs,
      request,
      options,
      (error, reply) => {
        resolve(error ?? reply ?? Buffer.alloc(0))
      },
    )
    scope.onCancel(() => call.cancel())
    const outcome = await promise
    if (outcome instanceof Error) throw await scope.toError(withOwnWords(outcome, timeoutMs))
    return decodeReply(method.output, outcome, scope)
  }
}

/** The transport's words for a passed deadline name addresses and internals; ours name the limit. */
function withOwnWords(error: ServiceError, timeoutMs: number): { code: number; details: string } {
  if (error.code !== status.DEADLINE_EXCEEDED || !error.details.startsWith('Deadline exceeded')) return error
  return {
    code: error.code,
    details: `ERROR_PLUGIN_TIMEOUT: it did not answer within ${timeoutMs / 1_000} s`,
  }
}

function decodeReply<O extends DescMessage>(schema: O, bytes: Buffer, scope: CallScope): MessageShape<O> {
  try {
    return fromBinary(schema, bytes)
  } catch {
    const message = `it answered ${bytes.length} bytes that are no ${schema.name} message`
    throw scope.error({ kind: 'failed_precondition', code: 'ERROR_PLUGIN_REPLY', message, retryable: false })
  }
}

function pathOf(method: { parent: { typeName: string }; name: string }): string {
  return `/${method.parent.typeName}/${method.name}`
}

function asIs(bytes: Buffer): Buffer {
  return bytes
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && 'details' in error && typeof error.details === 'string'
}
