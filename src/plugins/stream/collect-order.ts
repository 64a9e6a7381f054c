import type { TraceHeaders } from '../../core/trace.ts'
import type { ChannelSettings, ChannelTarget } from '../grpc/channel.ts'
import type { InboxLimits } from '../grpc/inbox.ts'

/**
 * A call of `collect`, ready to be made: plain values, which may be handed to another thread. The request
 * holds the secret.
 */
export type CollectOrder = {
  readonly target: ChannelTarget
  readonly settings: ChannelSettings & InboxLimits & { readonly silenceTimeoutMs: number }
  readonly path: string
  readonly request: Uint8Array
  /** The answer comes in batches of the extension service, not as single resources. */
  readonly isBatched: boolean
  readonly trace: TraceHeaders
}

/** A call that somebody else makes. */
export type HandedCall = {
  readonly order: CollectOrder
  /** Aborted when the call is no longer wanted: by its caller, or because the plugin is being stopped. */
  readonly signal: AbortSignal
  /**
   * What callers see of a failure of the call: what became of the plugin's process, or its own words, free of
   * secrets.
   */
  explain(failure: unknown): Promise<unknown>
  /** The call is over. */
  end(): void
}
