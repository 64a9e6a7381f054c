import { create, type DescMethod, type Message } from '@bufbuild/protobuf'
import { createDomainCache } from '../access/index.ts'
import { GleanerError, Unavailable } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import { inSpan, type OpenSpan, openSpan, type TraceHeaders } from '../core/trace.ts'
import { readAnswerCoverage } from '../coverage/index.ts'
import type { RequestNote } from '../telemetry/index.ts'
import { type Admission, isShed } from './admission/admission.ts'
import { type Failure, toFailure } from './errors.ts'
import { ANYBODY, type OpenCallDeps, type Opening, openCall, type ParsedRequest } from './open-call.ts'
import { openRequestSignal, type RequestSignal } from './request-signal.ts'
import type { Route } from './routes.ts'

/**
 * One request as a transport hands it over. Reading and writing happen inside the dispatcher, so that their
 * failures are told and logged like all others.
 */
type Incoming<T> = {
  readonly transport: 'grpc' | 'rest'
  /** Ends when the client has gone. */
  readonly clientGone: AbortSignal
  /** Milliseconds this request may take; undefined when the caller set no limit. */
  readonly timeoutMs: number | undefined
  /** The API key that came with the request; '' for none. */
  readonly key: string
  /** The trace that the caller is in. */
  readonly trace: TraceHeaders
  read(): ParsedRequest
  /** `init` is what the verb returned, before defaults were filled in. */
  write(answer: Message, init: object, has: ParsedRequest['has']): T
  /** Takes how complete the answer is; absent when the caller did not ask. */
  readonly tellCoverage?: ((text: string) => void) | undefined
}

/** A request that is answered with a stream. */
type IncomingStream = Omit<Incoming<never>, 'write' | 'tellCoverage'> & {
  /** Nothing was refused: messages follow. */
  begin(requestId: string): void
  /** Hands over one message; resolves when the next one may come, or when `signal` ends. */
  write(answer: Message, signal: AbortSignal): Promise<void>
}

type Outcome<T> = { readonly requestId: string } & (
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure }
)

type DispatcherDeps = Omit<OpenCallDeps, 'domains'> & {
  readonly admission: Admission
  /** Hears of each answered request. */
  readonly noteRequest?: (note: RequestNote) => void
}

export type Dispatcher = {
  /** Answers one request; never throws. */
  dispatch<T>(route: Route, incoming: Incoming<T>): Promise<Outcome<T>>
  /** Answers one request with a stream, and returns how many messages that were; never throws. */
  stream(route: Route, incoming: IncomingStream): Promise<Outcome<number>>
  /**
   * Refuses new requests, ends streams and waits for running ones; those still running after `drainMs` are
   * told to stop.
   */
  drain(drainMs: number): Promise<void>
}

/** A request while it is answered. */
type Run = Opening & {
  readonly requestSignal: RequestSignal
  readonly startedAt: number
  readonly isStream: boolean
  /** Messages that a stream has sent. */
  sent: number
  /** Says that a call which was let in has ended. */
  leave: () => void
}

/** What both transports call: context, limits, access check, verb, answer, and one log line for all of it. */
export function createDispatcher(dispatcherDeps: DispatcherDeps): Dispatcher {
  const deps = { ...dispatcherDeps, domains: createDomainCache(dispatcherDeps.db) }
  const running = new Set<Run>()
  let whenIdle: (() => void) | undefined
  let isStopping = false

  async function follow<T>(
    route: Route,
    incoming: Omit<Incoming<never>, 'write' | 'tellCoverage'>,
    work: (run: Run) => Promise<T>,
  ): Promise<Outcome<T>> {
    const requestSignal = openRequestSignal(incoming.clientGone, incoming.timeoutMs)
    const run: Run = {
      requestId: newId('request'),
      route,
      signal: requestSignal.signal,
      requestSignal,
      startedAt: performance.now(),
      isStream: route.stream !== undefined,
      sent: 0,
      domainId: '',
      principal: ANYBODY,
      leave: () => {},
      admit(domainId) {
        // Nobody would say any more that it has ended.
        run.signal.throwIfAborted()
        run.leave = deps.admission.admit({ domainId, isStream: run.isStream })
      },
    }
    running.add(run)
    const outcome = await traced(run, incoming, () =>
      tryAnswer(deps, run, async () => {
        if (isStopping) throw stopping('the server is stopping; try again shortly')
        return await work(run)
      }),
    )
    requestSignal.close()
    running.delete(run)
    if (running.size === 0) whenIdle?.()
    noteRequest(deps, run, incoming.transport, outcome)
    return outcome
  }

  async function drain(drainMs: number): Promise<void> {
    isStopping = true
    for (const run of running) {
      if (run.isStream)
        run.requestSignal.abort(stopping('the server is stopping; come back with the last cursor'))
    }
    if (running.size === 0) return
    const idle = new Promise<void>((resolve) => {
      whenIdle = resolve
    })
    const timer = setTimeout(() => {
      for (const run of running)
        run.requestSignal.abort(stopping('the server stopped before this request was done'))
    }, drainMs)
    await idle
    clearTimeout(timer)
  }

  return {
    dispatch: (route, incoming) => follow(route, incoming, (run) => answer(deps, run, incoming)),
    stream: (route, incoming) => follow(route, incoming, (run) => answerStream(deps, run, incoming)),
    drain,
  }
}

/**
 * The span of a request. What a stream does while somebody listens belongs to no trace: what it starts, such
 * as a feed that others listen to as well, outlives it.
 */
async function traced<T>(
  run: Run,
  { transport, trace }: Pick<Incoming<T>, 'transport' | 'trace'>,
  work: () => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const { requestId, route } = run
  const attributes = { 'gleaner.request_id': requestId, 'gleaner.transport': transport }
  const input = { name: route.name, kind: 'server', attributes, from: trace } as const
  if (!run.isStream)
    return await inSpan(input, (span) => work().then((outcome) => noteSpan(span, run, outcome)))
  const span = openSpan(input)
  const outcome = noteSpan(span, run, await work())
  span.end()
  return outcome
}

function noteSpan<T>(span: OpenSpan, { domainId }: Run, outcome: Outcome<T>): Outcome<T> {
  span.note({ 'gleaner.domain_id': domainId })
  if (!outcome.ok) span.fail(outcome.failure.code)
  return outcome
}

async function tryAnswer<T>(deps: OpenCallDeps, run: Run, work: () => Promise<T>): Promise<Outcome<T>> {
  const { requestId, route } = run
  try {
    return { ok: true, requestId, value: await work() }
  } catch (thrown) {
    const failure = toFailure(thrown, requestId)
    if (failure.kind === 'internal') {
      deps.log.error({ requestId, method: route.name, err: thrown }, 'request failed unexpectedly')
    }
    return { ok: false, requestId, failure }
  }
}

async function answer<T>(deps: OpenCallDeps, run: Run, incoming: Incoming<T>): Promise<T> {
  const { desc, method } = run.route
  if (method === undefined) throw unimplemented(desc)
  // It ends when its work does: that of a caller who went away goes on for a while.
  const handle = async () => {
    try {
      const call = await openCall(deps, run, method.access, incoming)
      const init = await method.handle(call)
      if (incoming.tellCoverage !== undefined && method.asks !== undefined)
        incoming.tellCoverage(await readAnswerCoverage(call.ctx, call.domainId, method.asks(call)))
      return { init, has: call.has }
    } finally {
      run.leave()
    }
  }
  const { init, has } = await run.requestSignal.race(handle)
  return incoming.write(create(desc.output, init), init, has)
}

async function answerStream(deps: OpenCallDeps, run: Run, incoming: IncomingStream): Promise<number> {
  const { desc, stream } = run.route
  if (stream === undefined) throw unimplemented(desc)
  const open = async () => stream.open(await openCall(deps, run, stream.access, incoming))
  try {
    const messages = await run.requestSignal.race(open)
    const { signal } = run
    incoming.begin(run.requestId)
    for await (const init of messages) {
      if (signal.aborted) break
      await incoming.write(create(desc.output, init), signal)
      run.sent++
    }
    signal.throwIfAborted()
    return run.sent
  } finally {
    run.leave()
  }
}

function noteRequest(deps: DispatcherDeps, run: Run, transport: string, outcome: Outcome<unknown>): void {
  const code = outcome.ok ? 'OK' : outcome.failure.code
  const ms = Math.round((performance.now() - run.startedAt) * 10) / 10
  const { requestId, route, domainId, isStream, sent, principal } = run
  const apiKeyId = principal.kind === 'api_key' ? principal.apiKeyId : undefined
  const fields = { requestId, transport, method: route.name, domainId, apiKeyId, code, ms }
  deps.noteRequest?.({ transport, method: route.name, code, ms, isStream })
  // A flood must not become one of lines as well; admission tells that there is one.
  const level = isShed(code) ? 'debug' : 'info'
  deps.log[level](isStream ? { ...fields, sent } : fields, 'request')
}

function unimplemented({ parent, name }: DescMethod): GleanerError {
  const message = `method '${parent.typeName}.${name}' is not implemented`
  return new GleanerError('unimplemented', 'ERROR_UNIMPLEMENTED', message)
}

function stopping(message: string): Unavailable {
  return new Unavailable('ERROR_SERVER_STOPPING', message)
}
