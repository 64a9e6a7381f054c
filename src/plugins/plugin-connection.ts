import type { JsonObject } from '@bufbuild/protobuf'
import type { MessageBlock } from '../core/message-block.ts'
import type { SecretData } from '../core/secret-data.ts'
import type {
  ApiCalls,
  Forecast,
  KnownCell,
  MeasuredApi,
  Plan,
  PluginDescription,
  Progress,
  Scope,
} from '../gen/gleaner/plugin/v1/extension_pb.ts'
import type { HandedCall } from './stream/collect-order.ts'

/**
 * What `init` answers: how the plugin wants to be used. Keys are the public protocol's (`filter_format`,
 * `supported_schedules` …).
 */
export type PluginMetadata = JsonObject

/**
 * Which plugin to run; without a version the newest registered one. Without a domain only the plugins that
 * come with the server are found.
 */
export type PluginRef = { readonly domainId?: string; readonly pluginId: string; readonly version?: string }

export type CollectCall = {
  readonly options: JsonObject
  readonly secretData: SecretData
  readonly filter: JsonObject
  readonly taskOptions?: JsonObject
  /** What the inventory holds of it, for a plugin that predicts. Others are not told. */
  readonly known?: readonly Known[]
  /** What earlier runs have measured of the provider's APIs. */
  readonly measured?: readonly Measured[]
  /** Is told what a plugin with the extension service says besides resources. Others say nothing. */
  readonly observer?: CollectObserver
}

type Known = Omit<KnownCell, '$typeName' | '$unknown'>
export type Measured = Omit<MeasuredApi, '$typeName' | '$unknown'>

/**
 * What a plugin says about its own completeness. Each call comes when everything that the plugin sent before
 * was pulled and the reader came for more, so a completed scope speaks of resources that the reader already
 * has.
 */
export type CollectObserver = {
  /** The plugin is going to list this. */
  scopeOpened?(scope: Scope): void
  /** The plugin has listed this completely. */
  scopeCompleted?(scope: Scope): void
  progressed?(progress: Progress): void
  /** What it has made of an API until now. */
  called?(calls: ApiCalls): void
  /** How long it is going to take. */
  forecast?(forecast: Forecast): void
}

/**
 * A plugin process that answers. Every call carries the host's deadline and ends early with `signal`;
 * failures are `PluginError`s that say whether a retry can help.
 */
export interface PluginConnection {
  readonly pluginId: string
  /** The version that really runs. */
  readonly version: string
  init(options: JsonObject, signal: AbortSignal): Promise<PluginMetadata>
  /**
   * What the plugin says about itself; undefined when it has no extension service. Asked once a connection.
   */
  describe(signal: AbortSignal): Promise<PluginDescription | undefined>
  verify(call: { options: JsonObject; secretData: SecretData }, signal: AbortSignal): Promise<void>
  /**
   * How the plugin wants the work of one secret, as far as the filter leaves it, split; undefined when it has
   * no `Job` service.
   */
  getTasks(
    call: { options: JsonObject; secretData: SecretData; filter: JsonObject },
    signal: AbortSignal,
  ): Promise<readonly JsonObject[] | undefined>
  /** What `collect` of the same call would take; undefined when the plugin predicts nothing. */
  plan(call: Omit<CollectCall, 'observer'>, signal: AbortSignal): Promise<Plan | undefined>
  /**
   * Runs the plugin and yields what it sends as raw `ResourceInfo` messages, in the blocks they arrive in.
   * Pulling is the back-pressure: at most `maxBufferedBytes` wait here, then the HTTP/2 window closes.
   * Blocks are network buffers: copy what outlives the turn.
   * Breaking out of the loop cancels the call.
   */
  collectBlocks(call: CollectCall, signal: AbortSignal): AsyncIterable<readonly MessageBlock[]>
  /**
   * Prepares the same call for another thread to make, which tells the observer itself. End it when it is
   * over.
   */
  handOver(call: CollectCall, signal: AbortSignal): Promise<HandedCall>
  /** As `collectBlocks`, with a view of each message, for whoever looks at all of them. */
  collect(call: CollectCall, signal: AbortSignal): AsyncIterable<readonly Uint8Array[]>
  /**
   * The newest lines that it logged, oldest first, free of secrets. None of one that serves several domains:
   * they may be about others.
   */
  lastLogLines(count: number): readonly string[]
  /** Gives the process back to the host, which stops it when nobody has used it for a while. */
  release(): void
}

/** Gives out connections to running plugins, starting and restarting processes as needed. */
export interface PluginHost {
  connect(ref: PluginRef, signal: AbortSignal): Promise<PluginConnection>
  /** Stops every plugin process; running calls fail as canceled. */
  stop(): Promise<void>
}
