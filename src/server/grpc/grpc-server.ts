import { experimental, Server, ServerCredentials, type ServiceDefinition, setLogger } from '@grpc/grpc-js'
import type { Logger } from '../../access/index.ts'
import { toError } from '../../core/errors.ts'
import type { Dispatcher } from '../dispatch.ts'
import type { HealthSource } from '../health.ts'
import type { RequestLimits } from '../limits.ts'
import { type PortRequest, toListenError } from '../port-in-use.ts'
import type { Route } from '../routes.ts'
import { TLS_RELOAD_MS, type TlsFiles } from '../tls.ts'
import { bytesMethod } from './bytes-method.ts'
import { addHealthService } from './health-service.ts'
import { addReflectionService } from './reflection.ts'
import { streamHandler } from './stream-handler.ts'
import { unaryHandler } from './unary-handler.ts'

/** How long answers already given may take to leave after the last call has ended, milliseconds. */
const FLUSH_MS = 500

type GrpcServerDeps = {
  readonly routes: readonly Route[]
  readonly dispatcher: Dispatcher
  readonly health: HealthSource
  readonly limits: RequestLimits
  readonly log: Logger
  /**
   * Speaks TLS with the certificate in these files, which are read again when they change; without it plain
   * text.
   */
  readonly tls?: TlsFiles | undefined
}

type GrpcServer = {
  /** Binds the port and returns it; 0 asks for a free one. */
  listen(request: PortRequest): Promise<number>
  /** Takes no new connections from now on; `close` has to follow. */
  stopAccepting(): void
  /** Ends what is left, also the health watches and reflection streams that would never end by themselves. */
  close(): Promise<void>
}

/** The gRPC side of the API: our services, health and reflection. */
export function createGrpcServer(deps: GrpcServerDeps): GrpcServer {
  const transport = credentialsOf(deps.tls)
  routeLibraryLog(deps.log)
  const server = new Server({
    'grpc.max_receive_message_length': deps.limits.maxBytes,
    'grpc.max_send_message_length': -1,
  })
  for (const [name, routes] of routesByService(deps.routes)) {
    const definition = Object.fromEntries(routes.map((route) => [route.desc.name, methodDefinition(route)]))
    const handlers = routes.map((route) => [
      route.desc.name,
      handlerOf(route)(route, deps.dispatcher, deps.limits),
    ])
    server.addService(definition satisfies ServiceDefinition, Object.fromEntries(handlers))
    deps.log.debug({ service: name, methods: routes.length }, 'gRPC service')
  }
  const serviceNames = [...routesByService(deps.routes).keys()]
  const endHealth = addHealthService(server, deps.health, serviceNames)
  addReflectionService(server, serviceNames)
  let drained: Promise<void> = Promise.resolve()

  return {
    listen: (request) => listen(server, transport, request),
    stopAccepting() {
      drained = new Promise((resolve) => server.tryShutdown(() => resolve()))
    },
    async close() {
      endHealth()
      const timer = setTimeout(() => server.forceShutdown(), FLUSH_MS)
      await drained
      clearTimeout(timer)
      server.forceShutdown()
    },
  }
}

function handlerOf({ desc }: Route): typeof unaryHandler | typeof streamHandler {
  return desc.methodKind === 'server_streaming' ? streamHandler : unaryHandler
}

function routesByService(routes: readonly Route[]): Map<string, Route[]> {
  return Map.groupBy(routes, (route) => route.desc.parent.typeName)
}

function methodDefinition({ desc }: Route): ServiceDefinition[string] {
  const response = desc.methodKind === 'server_streaming'
  return bytesMethod(`/${desc.parent.typeName}/${desc.name}`, { response })
}

function credentialsOf(tls: TlsFiles | undefined): ServerCredentials {
  if (tls === undefined) return ServerCredentials.createInsecure()
  const pair = new experimental.FileWatcherCertificateProvider({
    certificateFile: tls.certFile,
    privateKeyFile: tls.keyFile,
    refreshIntervalMs: TLS_RELOAD_MS,
  })
  return experimental.createCertificateProviderServerCredentials(pair, null, false)
}

function listen(server: Server, transport: ServerCredentials, request: PortRequest): Promise<number> {
  const host = request.host.includes(':') ? `[${request.host}]` : request.host
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  server.bindAsync(`${host}:${request.port}`, transport, (cause, port) => {
    if (cause) reject(toListenError(request, toError(cause)))
    else resolve(port)
  })
  return promise
}

/** grpc-js writes to the console on its own, for example a second line about a taken port. */
function routeLibraryLog(log: Logger): void {
  const line = (...parts: readonly unknown[]) => log.debug({ from: 'grpc-js' }, parts.map(String).join(' '))
  setLogger({ error: line, info: line, debug: line })
}
