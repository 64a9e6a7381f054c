import { setTimeout as delay } from 'node:timers/promises'
import { Server, ServerCredentials } from '@grpc/grpc-js'
import { Limiters } from '../calls/limiters.ts'
import { createNetwork } from '../calls/network.ts'
import type { Reach } from '../calls/reach.ts'
import { DeclarationError } from '../errors.ts'
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
import { writeWindow } from './write-window.ts'

/** Running calls have this long to end; a host that stops a plugin counts on two seconds in all. */
const STOP_WITHIN_MS = 1500
const MAX_REQUEST_BYTES = 32 * 1024 * 1024

/** Where a plugin is served, and where it may go. */
export type ServeOptions = {
  /** Default 0: any free port. */
  readonly port?: number
  /** Default `127.0.0.1`. Requests carry credentials and no authentication, so think before opening it wider. */
  readonly host?: string
  /** Where the plugin's calls may go. Default: everywhere but to what hands out credentials of the machine. */
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
  const port = await bind(server, `${options.host ?? '127.0.0.1'}:${options.port ?? 0}`)
  return {
    port,
    async stop() {
      stopping.abort()
      const ended = Promise.all([shutDown(server), active.settle()])
      await Promise.race([ended, delay(STOP_WITHIN_MS, undefined, { ref: false })])
      server.forceShutdown()
    },
  }
}

function createServer(plugin: Plugin, lifetime: Lifetime): Server {
  const server = new Server({
    'grpc.max_receive_message_length': MAX_REQUEST_BYTES,
    'grpc.enable_channelz': 0,
    interceptors: [writeWindow],
  })
  const job = jobService(plugin, lifetime)
  const names = [COLLECTOR_SERVICE, EXTENSION_SERVICE, ...(job ? [JOB_SERVICE] : [])]
  const services = [
    collectorService(plugin, lifetime),
    extensionService(plugin, lifetime),
    job,
    healthService(names),
  ]
  for (const service of services) if (service) server.addService(service.definition, service.handlers)
  return server
}

function bind(server: Server, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) => {
      if (error)
        reject(new Error(`the plugin cannot listen on ${address}: ${error.message}`, { cause: error }))
      else resolve(port)
    })
  })
}

function shutDown(server: Server): Promise<void> {
  return new Promise((resolve) => server.tryShutdown(() => resolve()))
}
