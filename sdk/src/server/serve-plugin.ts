import { setTimeout as delay } from 'node:timers/promises'
import { Limiters } from '../calls/limiters.ts'
import { createNetwork } from '../calls/network.ts'
import type { Reach } from '../calls/reach.ts'
import { DeclarationError } from '../errors.ts'
import { GrpcServer } from '../grpc/grpc-server.ts'
import { isPlugin, type Plugin } from '../plugin.ts'
import { ActiveWork } from './active-work.ts'
import { healthService } from './health-service.ts'
import {
  COLLECTOR_SERVICE,
  collectorService,
  EXTENSION_SERVICE,
  extensionService,
  JOB_SERVICE,
  jobService,
  type Lifetime,
} from './plugin-services.ts'

/** Running calls have this long to end; a host that stops a plugin counts on two seconds in all. */
const STOP_WITHIN_MS = 1500

/** Where a plugin is served, and where it may go. */
export type ServeOptions = {
  /** Default 0: any free port. */
  readonly port?: number
  /**
   * Default `127.0.0.1`. Requests carry credentials and no authentication, so think before opening it wider.
   */
  readonly host?: string
  /**
   * Where the plugin's calls may go. Default: everywhere but to what hands out credentials of the machine.
   */
  readonly reach?: Reach
}

/** A plugin that is being served. */
export type PluginServer = {
  readonly port: number
  /** Aborts running calls, waits for them briefly, and closes every connection. */
  stop(): Promise<void>
}

/** Serves a plugin over plaintext gRPC, with `grpc.health.v1` beside it. Resolves when it accepts calls. */
export async function servePlugin(plugin: Plugin, options: ServeOptions = {}): Promise<PluginServer> {
  if (!isPlugin(plugin)) throw new DeclarationError('(unknown)', ['it was not made by definePlugin'])
  const stopping = new AbortController()
  const active = new ActiveWork()
  const network = createNetwork(options.reach ?? { level: 'private', allow: [] })
  const ways = { limiters: new Limiters(), network, transport: network.connect({}) }
  const server = createServer(plugin, { stopping: stopping.signal, active, ways })
  const port = await listen(server, options)
  return {
    port,
    async stop() {
      stopping.abort()
      const ended = Promise.all([server.close(), active.settle()])
      await Promise.race([ended, delay(STOP_WITHIN_MS, undefined, { ref: false })])
      server.destroy()
    },
  }
}

function createServer(plugin: Plugin, lifetime: Lifetime): GrpcServer {
  const job = jobService(plugin, lifetime)
  const names = [COLLECTOR_SERVICE, EXTENSION_SERVICE, ...(job ? [JOB_SERVICE] : [])]
  return new GrpcServer({
    ...collectorService(plugin, lifetime),
    ...extensionService(plugin, lifetime),
    ...job,
    ...healthService(names, lifetime.stopping),
  })
}

async function listen(server: GrpcServer, { host = '127.0.0.1', port = 0 }: ServeOptions): Promise<number> {
  try {
    return await server.listen(port, host)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`the plugin cannot listen on ${host}:${port}: ${reason}`, { cause: error })
  }
}
