import { type DescMethod, type Message, toJson } from '@bufbuild/protobuf'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { TraceHeaders } from '../../core/trace.ts'
import { bearerKey } from '../bearer-key.ts'
import { COVERAGE_HEADER } from '../coverage-header.ts'
import type { Dispatcher } from '../dispatch.ts'
import type { RequestLimits } from '../limits.ts'
import type { Route } from '../routes.ts'
import { beginFailure } from './begin-failure.ts'
import { readJsonRequest } from './json-request.ts'
import { Refusal } from './refusal.ts'
import { dropUnselected, selectsFields } from './selected-fields.ts'

type UnaryRouteDeps = {
  readonly dispatcher: Dispatcher
  readonly limits: RequestLimits
  readonly requestTimeoutMs: number
}

const JSON_TYPE = 'application/json; charset=utf-8'

/** The Fastify handler of one method. */
export function unaryRoute(route: Route, { dispatcher, limits, requestTimeoutMs }: UnaryRouteDeps) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    assertJsonBody(request)
    const outcome = await dispatcher.dispatch(route, {
      transport: 'rest',
      clientGone: clientGone(reply),
      timeoutMs: requestTimeoutMs,
      key: bearerKey(request.headers.authorization),
      trace: traceOf(request),
      tellCoverage: request.headers[COVERAGE_HEADER]
        ? (text) => void reply.header(COVERAGE_HEADER, text)
        : undefined,
      read: () => readJsonRequest(route.desc.input, bodyOf(request), limits),
      write: (answer, init, has) => toJsonText(route.desc, answer, selectsFields(has) ? init : undefined),
    })
    reply.header('x-request-id', outcome.requestId).type(JSON_TYPE)
    if (outcome.ok) return reply.send(outcome.value)
    return reply.send(JSON.stringify(beginFailure(reply, outcome.failure)))
  }
}

/**
 * Names as in the contract, enum values by name, defaults written out but for fields that were not selected.
 */
function toJsonText({ output }: DescMethod, answer: Message, selected: object | undefined): string {
  const json = toJson(output, answer, { alwaysEmitImplicit: true, useProtoFieldName: true })
  const isWhole = selected === undefined || typeof json !== 'object' || json === null || Array.isArray(json)
  return JSON.stringify(isWhole ? json : dropUnselected(output, json, selected))
}

/**
 * A browser can send text/plain and forms to anybody without asking, JSON it cannot. Compressed bodies are
 * refused: nobody needs them for requests of this size, and each inflating parser has had its bomb.
 */
function assertJsonBody({ headers }: FastifyRequest): void {
  const type = headers['content-type']
  if (type === undefined || !/^application\/json[ \t]*(?:;|$)/i.test(type)) {
    throw new Refusal(415, 'ERROR_CONTENT_TYPE', 'send the request body as Content-Type: application/json')
  }
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new Refusal(
      415,
      'ERROR_CONTENT_ENCODING',
      'compressed request bodies are not accepted; send it as it is',
    )
  }
}

function bodyOf(request: FastifyRequest): Uint8Array {
  return request.body instanceof Uint8Array ? request.body : new Uint8Array()
}

/** The W3C headers of a request; the parser refuses what is none. */
export function traceOf({ headers: { traceparent, tracestate } }: FastifyRequest): TraceHeaders {
  if (typeof traceparent !== 'string') return {}
  return typeof tracestate === 'string' ? { traceparent, tracestate } : { traceparent }
}

/** Ends when the connection closes before the answer is out. */
export function clientGone(reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort()
  })
  return controller.signal
}
