import { create, type DescMessage, type DescMethod, type Message } from '@bufbuild/protobuf'
import { type Context, createDomainCache, type DomainCache, type Logger } from '../access/index.ts'
import type { Clock } from '../core/clock.ts'
import { GleanerError, RequiredParameter, Unavailable } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import type { Database, WholeDatabase } from '../storage/index.ts'
import type { RequestNote } from '../telemetry/index.ts'
import { assertContent } from './assert-content.ts'
import { type Failure, toFailure } from './errors.ts'
import type { RequestLimits } from './limits.ts'
import type { AccessPolicy, Call } from './method.ts'
import { withFields } from './request-log.ts'
import { openRequestSignal, type RequestSignal } from './request-signal.ts'
import type { Route } from './routes.ts'

export type ParsedRequest = { readonly message: Message; has(path: string): boolean }

/**
 * One request as a transport hands it over. Reading and writing happen inside the dispatcher, so that their failures
 * are told and logged like all others.
 */
export type Incoming<T> = {
  readonly transport: 'grpc' | 'rest'
  /** Ends when the client has gone. */
  readonly clientGone: AbortSignal
  /** Milliseconds this request may take; undefined when the caller set no limit. */
  readonly timeoutMs: number | undefined
  read(): ParsedRequest
  /** `init` is what the verb returned, before defaults were filled in. */
  write(answer: Message, init: object, has: ParsedRequest['has']): T
}

/** A request that is answered with a stream. */
export type IncomingStream = Omit<Incoming<never>, 'write'> & {
  /** Nothing was refused: messages follow. */
  begin(requestId: string): void
  /** Hands over one message; resolves when the next one may come, or when `signal` ends. */
  write(answer: Message, signal: AbortSignal): Promise<void>
}

export type Outcome<T> = { readonly requestId: string } & (
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure }
)

export type DispatcherDeps = {
  readonly db: WholeDatabase
  readonly log: Logger
  readonly now: Clock
  readonly limits: RequestLimits
  /** Hears of each answered request. */
  readonly noteRequest?: (note: RequestNote) => void
}

export type Dispatcher = {
  /** Answers one request; never throws. */
  dispatch<T>(route: Route, incoming: Incoming<T>): Promise<Outcome<T>>
  /** Answers one request with a stream, and returns how many messages that were; never throws. */
  stream(route: Route, incoming: IncomingStream): Promise<Outcome<number>>
  /** Refuses new requests, ends streams and waits for running ones; those still running after `drainMs` are told to stop. */
  drain(drainMs: number): Promise<void>
}

/** A request while it is answered. `domainId` is what the caller sent, for the log line. */
type Run = {
  readonly requestId: string
  readonly route: Route
  readonly signal: RequestSignal
  readonly startedAt: number
  readonly isStream: boolean
  /** Messages that a stream has sent. */
  sent: number
  domainId: string
}

/** What both transports call: context, limits, access check, verb, answer, and one log line for all of it. */
export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const domains = createDomainCache(deps.db)
  const running = new Set<Run>()
  let whenIdle: (() => void) | undefined
  let isStopping = false

  async function follow<T>(
    route: Route,
    incoming: Omit<Incoming<never>, 'write'>,
    work: (run: Run) => Promise<T>,
  ): Promise<Outcome<T>> {
    const signal = openRequestSignal(incoming.clientGone, incoming.timeoutMs)
    const isStream = route.stream !== undefined
    const requestId = newId('request')
    const run = { requestId, route, signal, startedAt: performance.now(), isStream, sent: 0, domainId: '' }
    running.add(run)
    const outcome = await tryAnswer(deps, run, async () => {
      if (isStopping) throw stopping('the server is stopping; try again shortly')
      return await work(run)
    })
    signal.close()
    running.delete(run)
    if (running.size === 0) whenIdle?.()
    noteRequest(deps, run, incoming.transport, outcome)
    return outcome
  }

  async function drain(drainMs: number): Promise<void> {
    isStopping = true
    for (const run of running) {
      if (run.isStream) run.signal.abort(stopping('the server is stopping; come back with the last cursor'))
    }
    if (running.size === 0) return
    const idle = new Promise<void>((resolve) => {
      whenIdle = resolve
    })
    const timer = setTimeout(() => {
      for (const run of running) run.signal.abort(stopping('the server stopped before this request was done'))
    }, drainMs)
    await idle
    clearTimeout(timer)
  }

  function countStreams(): number {
    return [...running].filter(({ isStream }) => isStream).length
  }

  return {
    dispatch: (route, incoming) => follow(route, incoming, (run) => answer(deps, domains, run, incoming)),
    stream: (route, incoming) =>
      follow(route, incoming, (run) => {
        if (countStreams() > deps.limits.maxStreams) throw tooManyStreams(deps.limits.maxStreams)
        return answerStream(deps, domains, run, incoming)
      }),
    drain,
  }
}

async function tryAnswer<T>(deps: DispatcherDeps, run: Run, work: () => Promise<T>): Promise<Outcome<T>> {
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

async function answer<T>(
  deps: DispatcherDeps,
  domains: DomainCache,
  run: Run,
  incoming: Incoming<T>,
): Promise<T> {
  const { desc, method } = run.route
  if (method === undefined) throw unimplemented(desc)
  const request = readRequest(deps, run, incoming)
  const handle = async () => method.handle(await openCall(deps, domains, run, method.access, request))
  const init = await run.signal.race(handle)
  return incoming.write(create(desc.output, init), init, request.has)
}

async function answerStream(
  deps: DispatcherDeps,
  domains: DomainCache,
  run: Run,
  incoming: IncomingStream,
): Promise<number> {
  const { desc, stream } = run.route
  if (stream === undefined) throw unimplemented(desc)
  const request = readRequest(deps, run, incoming)
  const open = async () => stream.open(await openCall(deps, domains, run, stream.access, request))
  const messages = await run.signal.race(open)
  const { signal } = run.signal
  incoming.begin(run.requestId)
  for await (const init of messages) {
    if (signal.aborted) break
    await incoming.write(create(desc.output, init), signal)
    run.sent++
  }
  signal.throwIfAborted()
  return run.sent
}

function readRequest(deps: DispatcherDeps, run: Run, incoming: Pick<Incoming<never>, 'read'>): ParsedRequest {
  const request = incoming.read()
  assertContent(run.route.desc.input, request.message, deps.limits)
  run.domainId = domainIdOf(request.message)
  return request
}

async function openCall(
  deps: DispatcherDeps,
  domains: DomainCache,
  run: Run,
  access: AccessPolicy,
  { message, has }: ParsedRequest,
): Promise<Call<DescMessage>> {
  const domainId = access.domain === 'none' ? '' : await requireExistingDomain(domains, run.domainId)
  const ctx = contextOf(deps, run, databaseFor(deps.db, access, domainId))
  return { ctx, request: message, domainId, has }
}

/** Behind row-level security, but for those who administer the server. */
function databaseFor(db: WholeDatabase, access: AccessPolicy, domainId: string): Database {
  return access.permission === 'system' && domainId === '' ? db : db.boundTo(domainId)
}

function contextOf(deps: DispatcherDeps, { requestId, route, signal }: Run, db: Database): Context {
  return {
    requestId,
    // Everybody, while no API key exists.
    principal: { kind: 'anonymous' },
    signal: signal.signal,
    db,
    now: deps.now,
    log: withFields(deps.log, { requestId, method: route.name }),
  }
}

async function requireExistingDomain(domains: DomainCache, domainId: string): Promise<string> {
  if (domainId === '') throw new RequiredParameter('domain_id')
  return domains.assert(domainId)
}

function noteRequest(deps: DispatcherDeps, run: Run, transport: string, outcome: Outcome<unknown>): void {
  const code = outcome.ok ? 'OK' : outcome.failure.code
  const ms = Math.round((performance.now() - run.startedAt) * 10) / 10
  const { requestId, route, domainId, isStream, sent } = run
  const fields = { requestId, transport, method: route.name, domainId, code, ms }
  deps.noteRequest?.({ transport, method: route.name, code, ms, isStream })
  deps.log.info(isStream ? { ...fields, sent } : fields, 'request')
}

function unimplemented({ parent, name }: DescMethod): GleanerError {
  const message = `method '${parent.typeName}.${name}' is not implemented`
  return new GleanerError('unimplemented', 'ERROR_UNIMPLEMENTED', message)
}

function tooManyStreams(limit: number): GleanerError {
  const message = `${limit} streams are open, as many as this server serves at a time, so this one was not opened. Close some, or try again later`
  return new GleanerError('exhausted', 'ERROR_TOO_MANY_STREAMS', message, { retryable: true })
}

function stopping(message: string): Unavailable {
  return new Unavailable('ERROR_SERVER_STOPPING', message)
}

/** Every request that belongs to a domain names it in the same field; assertPolicies has checked that it is there. */
function domainIdOf(message: Message): string {
  return 'domainId' in message && typeof message.domainId === 'string' ? message.domainId : ''
}
