import { connect } from 'node:net'
import { Client, credentials, type Metadata, type ServiceError } from '@grpc/grpc-js'
import type { Logger } from '../../src/access/index.ts'
import {
  type ApiServer,
  type BoundPorts,
  createHealth,
  createServer,
  type Health,
  type ServerConfig,
  type ServerDeps,
  type ServiceImplementation,
} from '../../src/server/index.ts'
import type { WholeDatabase } from '../../src/storage/index.ts'

export type LogLine = { readonly level: string; readonly message: string } & Record<string, unknown>

export type TestApi = BoundPorts & {
  readonly server: ApiServer
  readonly health: Health
  readonly log: LogLine[]
  /** A POST as a well-behaved client sends it. */
  post(path: string, body: string, headers?: Record<string, string>): Promise<HttpAnswer>
  get(path: string): Promise<HttpAnswer>
  /**
   * Bytes as they are, on a connection of their own; returns all that came back until the server closed it.
   */
  raw(port: number, bytes: string | Uint8Array): Promise<Buffer>
  call(path: string, request: Uint8Array, options?: CallOptions): Promise<GrpcAnswer>
  readonly grpcClient: Client
  stop(): Promise<void>
}

export type HttpAnswer = {
  readonly status: number
  readonly text: string
  readonly headers: Headers
  readonly json: () => unknown
}
export type GrpcAnswer = {
  readonly code: number
  readonly details: string
  readonly bytes: Buffer | undefined
  /** Of a failure: its trailers. */
  readonly metadata: Metadata | undefined
}
export type CallOptions = {
  readonly deadlineMs?: number
  readonly signal?: AbortSignal
  readonly metadata?: Metadata
}

export const KNOWN_DOMAIN = 'domain-aaaaaaaaaaaa'

/**
 * The database port with a domain table of one row, for tests that are about the frame and not about storage.
 */
export const oneDomainDatabase: WholeDatabase = {
  async query<Row extends object>(_text: string, params?: readonly unknown[]): Promise<readonly Row[]> {
    const row: object = { domainId: KNOWN_DOMAIN, name: 'test', createdAt: new Date(0) }
    return params?.[0] === KNOWN_DOMAIN ? [claimRow<Row>(row)] : []
  },
  transaction: () => Promise.reject(new Error('the frame opens no transaction')),
  copyOut: () => Promise.reject(new Error('the frame copies nothing')),
  boundTo: () => oneDomainDatabase,
  poolUse: () => ({ inUse: 0, idle: 0, waiting: 0, waits: 0, waitedMs: 0 }),
  close: async () => {},
}

/** Starts a server on free ports of the loopback, with its log kept in memory. */
export async function startApi(
  implementations: readonly ServiceImplementation[],
  config: Partial<ServerConfig> = {},
  db: WholeDatabase = oneDomainDatabase,
  more: Partial<Pick<ServerDeps, 'admission' | 'authenticator' | 'authorize' | 'metrics' | 'now'>> = {},
): Promise<TestApi> {
  const log: LogLine[] = []
  const health = createHealth()
  const server = createServer({
    implementations,
    db,
    log: keepLines(log),
    now: () => new Date('2026-01-02T03:04:05.678Z'),
    health,
    config: { host: '127.0.0.1', httpPort: 0, grpcPort: 0, ...config },
    ...more,
  })
  const ports = await server.start()
  const base = `http://127.0.0.1:${ports.httpPort}`
  const grpcClient = new Client(`127.0.0.1:${ports.grpcPort}`, credentials.createInsecure(), {
    'grpc.max_receive_message_length': -1,
  })
  return {
    ...ports,
    server,
    health,
    log,
    grpcClient,
    async post(path, body, headers = {}) {
      const response = await fetch(base + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      })
      return answerOf(response)
    },
    async get(path) {
      return answerOf(await fetch(base + path))
    },
    raw: sendRaw,
    call: (path, request, options) => callUnary(grpcClient, path, request, options),
    async stop() {
      grpcClient.close()
      await server.stop()
    },
  }
}

function keepLines(lines: LogLine[]): Logger {
  const keep = (level: string) => (fields: object, message: string) => {
    lines.push({ ...fields, level, message })
  }
  return { debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') }
}

async function answerOf(response: Response): Promise<HttpAnswer> {
  const text = await response.text()
  return { status: response.status, text, headers: response.headers, json: () => JSON.parse(text) }
}

function sendRaw(port: number, bytes: string | Uint8Array): Promise<Buffer> {
  const { promise, resolve } = Promise.withResolvers<Buffer>()
  const received: Buffer[] = []
  const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
  socket.setTimeout(30_000, () => socket.destroy())
  socket.on('data', (chunk) => received.push(chunk))
  socket.on('error', () => {})
  socket.on('close', () => resolve(Buffer.concat(received)))
  return promise
}

function callUnary(
  client: Client,
  path: string,
  request: Uint8Array,
  { deadlineMs, signal, metadata }: CallOptions = {},
): Promise<GrpcAnswer> {
  const { promise, resolve } = Promise.withResolvers<GrpcAnswer>()
  const done = (error: ServiceError | null, bytes?: Buffer) =>
    resolve({ code: error?.code ?? 0, details: error?.details ?? '', bytes, metadata: error?.metadata })
  const options = deadlineMs === undefined ? {} : { deadline: Date.now() + deadlineMs }
  const asBuffer = (value: Buffer) => value
  const args = [path, asBuffer, asBuffer, Buffer.from(request)] as const
  const call =
    metadata === undefined
      ? client.makeUnaryRequest(...args, options, done)
      : client.makeUnaryRequest(...args, metadata, options, done)
  signal?.addEventListener('abort', () => call.cancel())
  return promise
}

function claimRow<Row extends object>(row: object): Row {
  return row as Row
}
