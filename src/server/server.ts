import {
  type Authenticator,
  type Authorize,
  authorize,
  createAuthenticator,
  type Logger,
} from '../access/index.ts'
import type { Clock } from '../core/clock.ts'
import type { WholeDatabase } from '../storage/index.ts'
import type { RequestNote } from '../telemetry/index.ts'
import { type Admission, createAdmission } from './admission/admission.ts'
import { createDispatcher } from './dispatch.ts'
import { createGrpcServer } from './grpc/grpc-server.ts'
import type { HealthSource } from './health.ts'
import { DEFAULT_LIMITS, type RequestLimits } from './limits.ts'
import type { ServiceImplementation } from './method.ts'
import { createRestServer } from './rest/rest-server.ts'
import { assertPolicies, listRoutes } from './routes.ts'
import { readTls, tlsFiles, watchTls } from './tls.ts'

export type ServerConfig = {
  /** Address both ports are bound to, for example `127.0.0.1`. */
  readonly host: string
  /** 0 asks for a free port. */
  readonly httpPort: number
  readonly grpcPort: number
  /** Further names the HTTP server may be called by. Default none. */
  readonly allowedHosts?: readonly string[]
  /** Web pages of other origins that may call the HTTP API, as `https://name:port`. Default none. */
  readonly allowedOrigins?: readonly string[]
  /** Milliseconds a REST request may take, default 60,000. A gRPC caller sets its own deadline. */
  readonly requestTimeoutMs?: number
  /** Milliseconds running requests have to end when the server stops, default 10,000. */
  readonly drainMs?: number
  readonly limits?: Partial<RequestLimits>
  /** Folder of the built console, served at `/`. Default none. */
  readonly consoleDir?: string
  /** TLS for both ports, from these files. Default none: plain text. */
  readonly tlsCert?: string | undefined
  readonly tlsKey?: string | undefined
}

export type ServerDeps = {
  readonly implementations: readonly ServiceImplementation[]
  readonly db: WholeDatabase
  readonly log: Logger
  readonly now: Clock
  readonly health: HealthSource
  /** Served at `/metrics`, and told of each request. Default none. */
  readonly metrics?: ServerMetrics
  readonly config: ServerConfig
  /** Lets calls in. By default with the default limits. */
  readonly admission?: Admission
  /** Who knows callers by their keys. By default one that looks into `db`. */
  readonly authenticator?: Authenticator
  /** The first wall. Tests replace it, to see that the second one holds alone. */
  readonly authorize?: Authorize
}

type ServerMetrics = { noteRequest(note: RequestNote): void; text(): Promise<string> }

export type BoundPorts = { readonly host: string; readonly httpPort: number; readonly grpcPort: number }

export type ApiServer = {
  /** Binds both ports, or none: a taken port is a PortInUse that names it. */
  start(): Promise<BoundPorts>
  /** Refuses new requests, lets running ones end within `drainMs`, closes both ports. May be called again. */
  stop(): Promise<void>
}

/**
 * The API process: gRPC and REST over the same methods. Throws at once when a method declares no access
 * policy.
 */
export function createServer(deps: ServerDeps): ApiServer {
  const { implementations, config, health, metrics, db, log, now } = deps
  assertPolicies(implementations)
  const routes = listRoutes(implementations)
  const limits = { ...DEFAULT_LIMITS, ...config.limits }
  const callers = {
    authenticator: deps.authenticator ?? createAuthenticator(db),
    authorize: deps.authorize ?? authorize,
  }
  const dispatcher = createDispatcher({
    db,
    log,
    now,
    limits,
    admission: deps.admission ?? createAdmission(log),
    ...(metrics && { noteRequest: metrics.noteRequest }),
    ...callers,
  })
  const guard = {
    host: config.host,
    allowedHosts: config.allowedHosts ?? [],
    allowedOrigins: config.allowedOrigins ?? [],
  }
  const tls = tlsFiles(config)
  const grpc = createGrpcServer({ routes, dispatcher, health, limits, log, tls })
  const rest = createRestServer({
    routes,
    dispatcher,
    health,
    limits,
    guard,
    requestTimeoutMs: config.requestTimeoutMs ?? 60_000,
    consoleDir: config.consoleDir,
    ...(metrics && { metricsText: metrics.text }),
    ...callers,
    log,
    tls: tls && readTls(tls),
  })
  const endWatch = tls && watchTls(tls, log, rest.useTls)
  let stopped: Promise<void> | undefined

  async function start(): Promise<BoundPorts> {
    const { host } = config
    try {
      const httpPort = await rest.listen({
        host,
        port: config.httpPort,
        what: 'HTTP',
        variable: 'GLEANER_HTTP_PORT',
      })
      const grpcPort = await grpc.listen({
        host,
        port: config.grpcPort,
        what: 'gRPC',
        variable: 'GLEANER_GRPC_PORT',
      })
      return { host, httpPort, grpcPort }
    } catch (error) {
      await stop()
      throw error
    }
  }

  async function stopOnce(): Promise<void> {
    endWatch?.()
    rest.stopAccepting()
    grpc.stopAccepting()
    await dispatcher.drain(config.drainMs ?? 10_000)
    await Promise.all([rest.close(), grpc.close()])
  }

  function stop(): Promise<void> {
    stopped ??= stopOnce()
    return stopped
  }

  return { start, stop }
}
