import type { Server as HttpsServer } from 'node:https'
import { type SecureContextOptions, Server as TlsServer } from 'node:tls'
import fastify, {
  type FastifyError,
  type FastifyHttpsOptions,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
} from 'fastify'
import type { Authenticator, Authorize, Logger } from '../../access/index.ts'
import { toError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import type { Dispatcher } from '../dispatch.ts'
import { errorBody, toFailure, toHttpError } from '../errors.ts'
import type { HealthSource } from '../health.ts'
import type { RequestLimits } from '../limits.ts'
import { type PortRequest, toListenError } from '../port-in-use.ts'
import type { Route } from '../routes.ts'
import { addConsoleRoutes } from './console/console-routes.ts'
import { addDocumentationRoutes } from './documentation-routes.ts'
import { assertTrusted, type GuardConfig } from './guard.ts'
import { addMetricsRoute } from './metrics-route.ts'
import { normalizePath, pathOf, spellingsOf } from './paths.ts'
import { Refusal } from './refusal.ts'
import { streamRoute } from './stream-route.ts'
import { unaryRoute } from './unary-route.ts'

type RestServerDeps = {
  readonly routes: readonly Route[]
  readonly dispatcher: Dispatcher
  readonly health: HealthSource
  readonly limits: RequestLimits
  readonly guard: GuardConfig
  /** Milliseconds a request may take. */
  readonly requestTimeoutMs: number
  /** What `/metrics` answers; without it there is no such path. */
  readonly metricsText?: () => Promise<string>
  /** Folder of the built console; without it there is none. */
  readonly consoleDir?: string | undefined
  /** Who may read metrics. */
  readonly authenticator: Authenticator
  readonly authorize: Authorize
  readonly log: Logger
  /** Speaks TLS with this certificate; without it plain text. */
  readonly tls?: SecureContextOptions | undefined
}

type RestServer = {
  /** Binds the port and returns it; 0 asks for a free one. */
  listen(request: PortRequest): Promise<number>
  /** Takes no new connections and lets those that are between requests go; `close` has to follow. */
  stopAccepting(): void
  /** Uses another certificate for connections that come from now on. */
  useTls(pair: SecureContextOptions): void
  /** Ends what is left. */
  close(): Promise<void>
}

/** How long a client may take to send its request, milliseconds; slower ones hold a socket for nothing. */
const RECEIVE_TIMEOUT_MS = 30_000

/** The REST side of the API, its documentation, the console, `/check` and `/metrics`. */
export function createRestServer(deps: RestServerDeps): RestServer {
  const app = createApp(deps.tls, {
    bodyLimit: deps.limits.maxBytes,
    requestTimeout: RECEIVE_TIMEOUT_MS,
    forceCloseConnections: true,
    return503OnClosing: false,
    clientErrorHandler: answerClientError,
    frameworkErrors: (error, request, reply) => answerError(deps, error, request, reply),
  })
  acceptEveryBodyAsBytes(app)
  app.addHook('onRequest', async (request, reply) => {
    secureHeaders(reply)
    assertTrusted(
      { method: request.method, headers: request.headers, rawHeaders: request.raw.rawHeaders },
      deps.guard,
    )
  })
  app.setErrorHandler<FastifyError>((error, request, reply) => answerError(deps, error, request, reply))
  addCheckRoute(app, deps.health)
  const { metricsText, authenticator, authorize } = deps
  if (metricsText !== undefined) addMetricsRoute(app, { metricsText, authenticator, authorize })
  if (deps.routes.length > 0) addDocumentationRoutes(app, deps.routes)
  if (deps.consoleDir !== undefined) addConsoleRoutes(app, deps.consoleDir)
  const known = addMethodRoutes(app, deps)
  app.setNotFoundHandler((request, reply) => answerUnknownPath(request, reply, known))
  let closed: Promise<void> | undefined

  return {
    listen: (request) => listen(app, request),
    stopAccepting() {
      app.server.close()
      app.server.closeIdleConnections()
    },
    useTls(pair) {
      if (app.server instanceof TlsServer) app.server.setSecureContext(pair)
    },
    close() {
      closed ??= app.close()
      return closed
    },
  }
}

function createApp(tls: SecureContextOptions | undefined, options: FastifyServerOptions): FastifyInstance {
  return tls === undefined ? fastify(options) : withoutTransport(fastify(withTls(options, tls)))
}

// The types of the options name the kind of server as well; none of ours depends on it.
function withTls(options: object, tls: SecureContextOptions): FastifyHttpsOptions<HttpsServer> {
  return { ...options, https: tls }
}

// Fastify types an application by its server. What we ask of one, both kinds of server have.
function withoutTransport(app: object): FastifyInstance {
  return app as FastifyInstance
}

/**
 * Content types are checked where the body is read, on the header as it came. Letting the framework choose a
 * parser by type has been its weak spot: a tab or a space in the header went past validation, twice.
 */
function acceptEveryBodyAsBytes(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
}

function secureHeaders(reply: FastifyReply): void {
  reply.header('cache-control', 'no-store')
  reply.header('x-content-type-options', 'nosniff')
  reply.header('cross-origin-resource-policy', 'same-origin')
  reply.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
}

function addCheckRoute(app: FastifyInstance, health: HealthSource): void {
  app.get('/check', async (_request, reply) => {
    const state = health.current()
    if (state.serving) return { status: 'SERVING' }
    return reply.code(503).send({ status: 'NOT_SERVING', reason: state.reason })
  })
}

/**
 * Every method under every spelling of its path. Returns the paths of the contract by their normalized form.
 */
function addMethodRoutes(app: FastifyInstance, deps: RestServerDeps): Map<string, string> {
  const known = new Map<string, string>()
  for (const route of deps.routes) {
    const path = pathOf(route.desc)
    if (path === undefined) continue
    if (route.desc.methodKind === 'server_streaming') {
      for (const spelling of spellingsOf(path)) app.get(spelling, streamRoute(route, deps))
      continue
    }
    known.set(normalizePath(path), path)
    const handler = unaryRoute(route, deps)
    for (const spelling of spellingsOf(path)) app.post(spelling, handler)
  }
  return known
}

function answerUnknownPath(
  request: FastifyRequest,
  reply: FastifyReply,
  known: Map<string, string>,
): FastifyReply {
  const path = request.url.split('?')[0] ?? ''
  const meant = known.get(normalizePath(path))
  if (meant !== undefined && request.method !== 'POST') {
    reply.header('allow', 'POST')
    const message = `methods of the API are called with POST and a JSON object: POST ${meant}`
    return reply.code(405).send(errorBody('ERROR_METHOD_NOT_ALLOWED', message))
  }
  const hint =
    meant === undefined ? 'every path is listed at /docs and /openapi.json' : `did you mean ${meant}?`
  return reply.code(404).send(errorBody('ERROR_UNKNOWN_PATH', `there is nothing at this path; ${hint}`))
}

/** What the framework refuses, in our words and our shape. */
const FRAMEWORK_REFUSALS: Record<string, { status: number; code: string; message: string }> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    status: 413,
    code: 'ERROR_REQUEST_TOO_LARGE',
    message: 'the request body is larger than this server accepts',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    code: 'ERROR_CONTENT_TYPE',
    message: 'the Content-Type header is not valid; send application/json',
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    status: 400,
    code: 'ERROR_INVALID_PARAMETER',
    message: 'the request body is not as long as its Content-Length says',
  },
  FST_ERR_BAD_URL: {
    status: 400,
    code: 'ERROR_INVALID_PARAMETER',
    message: 'the path is not a valid URL path',
  },
}

function answerError(
  deps: RestServerDeps,
  error: Error,
  _request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (error instanceof Refusal) return reply.code(error.status).send(errorBody(error.code, error.message))
  const refusal = FRAMEWORK_REFUSALS['code' in error ? String(error.code) : '']
  if (refusal !== undefined) return reply.code(refusal.status).send(errorBody(refusal.code, refusal.message))
  const requestId = newId('request')
  deps.log.error({ requestId, err: error }, 'HTTP request failed unexpectedly')
  const { status, body } = toHttpError(toFailure(error, requestId))
  return reply.code(status).send(body)
}

/**
 * Bytes that are no HTTP request, or one that came too slowly: there is no reply object yet, only the socket.
 */
function answerClientError(error: { code?: string }, socket: import('node:net').Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const [status, what] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? ['431 Request Header Fields Too Large', 'the request headers are too large']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? ['408 Request Timeout', 'the request came too slowly']
        : ['400 Bad Request', 'this is not a valid HTTP/1.1 request']
  const body = JSON.stringify(errorBody('ERROR_INVALID_PARAMETER', what))
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}

async function listen(app: FastifyInstance, request: PortRequest): Promise<number> {
  try {
    await app.listen({ host: request.host, port: request.port })
  } catch (thrown) {
    throw toListenError(request, toError(thrown))
  }
  const address = app.server.address()
  return typeof address === 'object' && address !== null ? address.port : request.port
}
