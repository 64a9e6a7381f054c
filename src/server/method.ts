import type {
  DescMessage,
  DescMethodServerStreaming,
  DescMethodUnary,
  DescService,
  MessageInitShape,
  MessageShape,
} from '@bufbuild/protobuf'
import type { AccessPolicy, Context } from '../access/index.ts'
import type { Asked } from '../coverage/index.ts'

export type { AccessPolicy }

/** The policies of most methods: inside the one domain that a call is about. */
export const READ: AccessPolicy = { permission: 'read', domain: 'required' }
export const RUN: AccessPolicy = { permission: 'run', domain: 'required' }
export const WRITE: AccessPolicy = { permission: 'write', domain: 'required' }

/** One request, after parsing and after the access check, the same for gRPC and REST. */
export type Call<I extends DescMessage> = {
  readonly ctx: Context
  readonly request: MessageShape<I>
  /** The domain the caller may act in; '' where the policy says `none`, or `optional` and none was named. */
  readonly domainId: string
  /**
   * Whether the caller sent this field (dotted proto path, `plugin_info.options`). REST: the key is there,
   * whatever its value. gRPC cannot tell a default scalar from an absent one, so there: it differs from the
   * default.
   */
  has(path: string): boolean
}

export type Method<I extends DescMessage, O extends DescMessage> = {
  readonly access: AccessPolicy
  handle(call: Call<I>): Promise<MessageInitShape<O>>
  /**
   * What of the inventory an answer is about, so that a caller may ask how complete it is; absent where an
   * answer is not about what was collected.
   */
  asks?(call: Call<I>): Asked
}

/**
 * A method that answers with messages until one side ends it. Over REST it is a GET that answers with
 * server-sent events: a field `cursor` of the answer is the id of its event, and the client that comes back
 * with it finds it in the field `cursor` of the request.
 */
export type StreamMethod<I extends DescMessage, O extends DescMessage> = {
  readonly access: AccessPolicy
  /**
   * Resolves when nothing is refused any more. The iteration must end when `ctx.signal` does, is asked for
   * the next message when the caller has taken the last one, and releases what it holds when it is left
   * early.
   */
  open(call: Call<I>): Promise<AsyncIterable<MessageInitShape<O>>>
  /** Whether a message only shows that the stream is alive; server-sent events have comments for that. */
  isHeartbeat?(message: MessageShape<O>): boolean
}

/**
 * The methods of one service by their proto name (`update_plugin`), which is also the descriptor's own key;
 * those left out answer UNIMPLEMENTED.
 */
export type ServiceMethods<S extends DescService> = {
  readonly [K in keyof S['method'] as S['method'][K] extends DescMethodUnary | DescMethodServerStreaming
    ? K
    : never]?: S['method'][K] extends DescMethodUnary<infer I, infer O>
    ? Method<I, O>
    : S['method'][K] extends DescMethodServerStreaming<infer I, infer O>
      ? StreamMethod<I, O>
      : never
}

export type ServiceImplementation = {
  readonly service: DescService
  readonly methods: Readonly<
    Record<string, Method<DescMessage, DescMessage> | StreamMethod<DescMessage, DescMessage>>
  >
}

/** Binds a service's descriptor to its methods. `app.ts` lists these; both transports serve what it lists. */
export function implementService<S extends DescService>(
  service: S,
  methods: ServiceMethods<S>,
): ServiceImplementation {
  return { service, methods: eraseTypes(methods) }
}

// The map was checked against the service's own types one line above; the transports only need its shape.
function eraseTypes(methods: object): ServiceImplementation['methods'] {
  return methods as ServiceImplementation['methods']
}
