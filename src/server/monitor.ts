import { authorize, createAuthenticator } from '../access/index.ts'
import { createAdmission } from './admission/admission.ts'
import { createDispatcher } from './dispatch.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import { createRestServer } from './rest/rest-server.ts'
import type { ServerConfig, ServerDeps } from './server.ts'
import { readTls, tlsFiles, watchTls } from './tls.ts'

type MonitorDeps = Pick<ServerDeps, 'db' | 'log' | 'now' | 'health'> & {
  readonly metricsText: () => Promise<string>
  readonly config: Omit<ServerConfig, 'httpPort' | 'grpcPort'> & { readonly metricsPort: number }
}

type Monitor = {
  /** Binds the port and returns it. */
  start(): Promise<number>
  stop(): Promise<void>
}

/**
 * A port of its own for `/check` and `/metrics`, for processes that serve no API: the HTTP server of the API
 * without its methods, so that host names, keys, TLS and limits hold here as there.
 */
export function createMonitor({ db, log, now, health, metricsText, config }: MonitorDeps): Monitor {
  const limits = { ...DEFAULT_LIMITS, ...config.limits }
  const callers = { authenticator: createAuthenticator(db), authorize }
  const tls = tlsFiles(config)
  const rest = createRestServer({
    routes: [],
    dispatcher: createDispatcher({ db, log, now, limits, admission: createAdmission(log), ...callers }),
    health,
    limits,
    guard: {
      host: config.host,
      allowedHosts: config.allowedHosts ?? [],
      allowedOrigins: config.allowedOrigins ?? [],
    },
    requestTimeoutMs: config.requestTimeoutMs ?? 60_000,
    metricsText,
    ...callers,
    log,
    tls: tls && readTls(tls),
  })
  const endWatch = tls && watchTls(tls, log, rest.useTls)
  return {
    start: () =>
      rest.listen({
        host: config.host,
        port: config.metricsPort,
        what: 'metrics',
        variable: 'GLEANER_METRICS_PORT',
      }),
    async stop() {
      endWatch?.()
      await rest.close()
    },
  }
}
