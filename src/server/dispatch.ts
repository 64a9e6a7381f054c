import { create, type DescMethod, type Message } from '@bufbuild/protobuf'
import { type Context, createDomainCache, type Logger } from '../access/index.ts'
import type { Clock } from '../core/clock.ts'
import { GleanerError, RequiredParameter, Unavailable } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import type { Database } from '../storage/index.ts'
import { assertContent } from './assert-content.ts'
import { type Failure, toFailure } from './errors.ts'
import type { RequestLimits } from './limits.ts'
import { withFields } from './request-log.ts'
import { openRequestSignal, type RequestSignal } from './request-signal.ts'
import type { Route } from './routes.ts'

export type ParsedRequest = { readonly message: Message; has(path: string): boolean }

/** One request as a transport hands it over. Reading and writing happen inside, so that their failures are told and logged like all others. */
export type Incoming<T> = {
  readonly transport: 'grpc' | 'rest'
  /** Ends when the client has gone. */
  readonly clientGone: AbortSignal
  /** Milliseconds this request may take; undefined when the caller set no limit. */
  readonly timeoutMs: number | undefined
  read(): ParsedRequest
  write(answer: Message): T
}

export type Outcome<T> =
  | { readonly ok: true; readonly requestId: string; readonly value: T }
  | { readonly ok: false; readonly requestId: string; readonly failure: Failure }

export type DispatcherDeps = {
  readonly db: Database
  readonly log: Logger
  readonly now: Clock
  readonly limits: RequestLimits
}

export type Dispatcher = {
  /** Answers one request; never throws. */
  dispatch<T>(route: Route, incoming: Incoming<T>): Promise<Outcome<T>>
  /** Refuses new requests and waits for running ones; those still running after `drainMs` are told to stop. */
  drain(drainMs: number): Promise<void>
}

/** What both transports call: context, access check, verb, answer, one log line. */
export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const domains = createDomainCache(deps.db)
  const running = new Set<RequestSignal>()
  let whenIdle: (() => void) | undefined
  let isStopping = false

  async function answer<T>(route: Route, incoming: Incoming<T>, signal: RequestSignal, requestId: string) {
    if (isStopping)
      throw new Unavailable('ERROR_SERVER_STOPPING', 'the server is stopping; try again shortly')
    const { method, desc } = route
    if (method === undefined) throw unimplemented(desc)
    const { message, has } = incoming.read()
    assertContent(desc.input, message, deps.limits)
    const ctx: Context = {
      requestId,
      principal: { kind: 'anonymous' },
      signal: signal.signal,
      db: deps.db,
      now: deps.now,
      log: withFields(deps.log, { requestId, method: route.name }),
    }
    const sentDomain = domainIdOf(message)
    const handle = async () => {
      const domainId = method.access.domain === 'none' ? '' : await requireDomain(sentDomain)
      return method.handle({ ctx, request: message, domainId, has })
    }
    return incoming.write(create(desc.output, await signal.race(handle())))
  }

  async function requireDomain(domainId: string): Promise<string> {
    if (domainId === '') throw new RequiredParameter('domain_id')
    return domains.assert(domainId)
  }

  async function dispatch<T>(route: Route, incoming: Incoming<T>): Promise<Outcome<T>> {
    const startedAt = performance.now()
    const requestId = newId('request')
    const signal = openRequestSignal(incoming.clientGone, incoming.timeoutMs)
    running.add(signal)
    const outcome = await answer(route, incoming, signal, requestId).then(
      (value): Outcome<T> => ({ ok: true, requestId, value }),
      (thrown: unknown): Outcome<T> => {
        // A verb that was told to stop fails with whatever it was doing; the reason is why it was told.
        const cause = signal.signal.aborted ? signal.signal.reason : thrown
        const failure = toFailure(cause, requestId)
        if (failure.kind === 'internal') {
          deps.log.error({ requestId, method: route.name, err: thrown }, 'request failed unexpectedly')
        }
        return { ok: false, requestId, failure }
      },
    )
    signal.close()
    running.delete(signal)
    if (running.size === 0) whenIdle?.()
    deps.log.info(
      {
        requestId,
        method: route.name,
        transport: incoming.transport,
        code: outcome.ok ? 'OK' : outcome.failure.code,
        ms: Math.round((performance.now() - startedAt) * 10) / 10,
      },
      'request',
    )
    return outcome
  }

  async function drain(drainMs: number): Promise<void> {
    isStopping = true
    if (running.size === 0) return
    const idle = new Promise<void>((resolve) => {
      whenIdle = resolve
    })
    const timer = setTimeout(() => {
      const reason = new Unavailable(
        'ERROR_SERVER_STOPPING',
        'the server stopped before this request was done',
      )
      for (const each of running) each.abort(reason)
    }, drainMs)
    await idle
    clearTimeout(timer)
  }

  return { dispatch, drain }
}

function unimplemented(desc: DescMethod): GleanerError {
  const name = `${desc.parent.typeName}.${desc.name}`
  return new GleanerError('unimplemented', 'ERROR_UNIMPLEMENTED', `method '${name}' is not implemented yet`)
}

function domainIdOf(message: Message): string {
  const { domainId } = message as { domainId?: unknown }
  return typeof domainId === 'string' ? domainId : ''
}
