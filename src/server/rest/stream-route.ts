import { type JsonValue, type Message, toJson } from '@bufbuild/protobuf'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { bearerKey } from '../bearer-key.ts'
import type { Dispatcher } from '../dispatch.ts'
import { toHttpError } from '../errors.ts'
import type { RequestLimits } from '../limits.ts'
import type { Route } from '../routes.ts'
import { whenWritable } from '../when-writable.ts'
import { beginFailure } from './begin-failure.ts'
import { assertTrusted, type GuardConfig } from './guard.ts'
import { readQueryRequest } from './query-request.ts'
import { clientGone, traceOf } from './unary-route.ts'

type StreamRouteDeps = {
  readonly dispatcher: Dispatcher
  readonly limits: RequestLimits
  readonly guard: GuardConfig
}

/** How long a browser waits before it comes back, milliseconds. */
const RETRY_MS = 2_000

/** The Fastify handler of one method that answers with a stream: server-sent events. */
export function streamRoute(route: Route, { dispatcher, limits, guard }: StreamRouteDeps) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    // A page of another origin cannot read a stream, but it could hold many of them open.
    assertTrusted({ method: 'STREAM', headers: request.headers, rawHeaders: request.raw.rawHeaders }, guard)
    const outcome = await dispatcher.stream(route, {
      transport: 'rest',
      clientGone: clientGone(reply),
      timeoutMs: undefined,
      key: bearerKey(request.headers.authorization),
      trace: traceOf(request),
      read: () => readQueryRequest(route.desc.input, queryOf(request), limits),
      begin: (requestId) => beginEvents(reply, requestId),
      async write(answer, signal) {
        if (!reply.raw.write(toEventText(route, answer))) await whenWritable(reply.raw, signal)
      },
    })
    if (reply.raw.headersSent) {
      if (!outcome.ok)
        reply.raw.write(`event: error\ndata: ${JSON.stringify(toHttpError(outcome.failure).body)}\n\n`)
      reply.raw.end()
      return reply
    }
    if (outcome.ok) return reply.send('')
    return reply.header('x-request-id', outcome.requestId).send(beginFailure(reply, outcome.failure))
  }
}

/**
 * The id that a client comes back with is newer than what its address says: it is the one it had seen last.
 */
function queryOf({ url, headers }: FastifyRequest): URLSearchParams {
  const query = new URLSearchParams(url.split('?')[1] ?? '')
  const lastId = headers['last-event-id']
  if (typeof lastId === 'string' && lastId !== '') query.set('cursor', lastId)
  return query
}

function beginEvents(reply: FastifyReply, requestId: string): void {
  reply.hijack()
  const headers = Object.entries(reply.getHeaders()).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  )
  reply.raw.writeHead(200, {
    ...Object.fromEntries(headers),
    'content-type': 'text/event-stream; charset=utf-8',
    'x-request-id': requestId,
    // Proxies that gather an answer before they pass it on would pass on nothing.
    'x-accel-buffering': 'no',
  })
  reply.raw.write(`retry: ${RETRY_MS}\n\n`)
}

/** JSON has no line breaks of its own here, so that it fits into one line. */
function toEventText({ desc, stream }: Route, answer: Message): string {
  const json = toJson(desc.output, answer, { alwaysEmitImplicit: true, useProtoFieldName: true })
  const cursor = cursorOf(json)
  const id = cursor === '' ? '' : `id: ${cursor}\n`
  return stream?.isHeartbeat?.(answer) ? `: heartbeat\n${id}\n` : `${id}data: ${JSON.stringify(json)}\n\n`
}

function cursorOf(json: JsonValue): string {
  const cursor = typeof json === 'object' && json !== null && 'cursor' in json ? json.cursor : ''
  return typeof cursor === 'string' ? cursor : ''
}
