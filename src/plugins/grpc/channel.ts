import { readFileSync } from 'node:fs'
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2'
import { getCACertificates, type SecureContextOptions } from 'node:tls'
import type { TraceHeaders } from '../../core/trace.ts'
import type { PluginSettings } from '../settings.ts'
import { CallError } from './call-error.ts'
import type { MessageTap } from './message-tap.ts'
import { status } from './status.ts'

/**
 * How long an answer to a ping may take before the connection counts as broken; a busy plugin answers late.
 */
const PING_TIMEOUT_MS = 60_000

export type ChannelSettings = Pick<
  PluginSettings,
  'connectTimeoutMs' | 'windowBytes' | 'keepaliveMs' | 'caFile' | 'certFile' | 'keyFile'
>

/** Where a server is, and whether it is spoken to in TLS. */
export type ChannelTarget = { readonly address: string; readonly isEncrypted?: boolean }

type ChannelCall = {
  readonly path: string
  readonly request: Uint8Array
  readonly timeoutMs?: number
  readonly trace?: TraceHeaders
}

/**
 * One HTTP/2 connection to a gRPC server, opened when it is first needed and again after it broke. Written on
 * `node:http2` because a stream read through a general client costs twice the processor time a message.
 */
export class GrpcChannel {
  readonly #target: ChannelTarget
  readonly #settings: ChannelSettings
  readonly #tap: MessageTap | undefined
  #session: ClientHttp2Session | undefined
  #opening: Promise<ClientHttp2Session> | undefined

  /** With a tap the connection serves a single call, in plaintext. */
  constructor(target: ChannelTarget, settings: ChannelSettings, tap?: MessageTap) {
    this.#target = target
    this.#settings = settings
    this.#tap = tap
  }

  get isConnected(): boolean {
    const session = this.#session
    return session !== undefined && !session.closed && !session.destroyed && !session.connecting
  }

  /** Opens the connection if it is not open; fails as UNAVAILABLE. */
  async open(): Promise<void> {
    await this.#whenOpen()
  }

  /** Starts a call and sends its one request message. */
  async request({ path, request, timeoutMs, trace }: ChannelCall): Promise<ClientHttp2Stream> {
    const session = await this.#whenOpen()
    const stream = session.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
      'grpc-accept-encoding': 'identity',
      'user-agent': 'gleaner',
      ...trace,
      ...(timeoutMs === undefined ? {} : { 'grpc-timeout': toTimeoutHeader(timeoutMs) }),
    })
    const head = Buffer.alloc(5)
    head.writeUInt32BE(request.length, 1)
    stream.write(head)
    stream.end(request)
    return stream
  }

  /** Ends the connection and every call on it. */
  close(): void {
    this.#session?.destroy()
    this.#session = undefined
  }

  #whenOpen(): Promise<ClientHttp2Session> {
    if (this.#session !== undefined && this.isConnected) return Promise.resolve(this.#session)
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = undefined
    })
    return this.#opening
  }

  async #connect(): Promise<ClientHttp2Session> {
    const { windowBytes } = this.#settings
    const { address, isEncrypted = false } = this.#target
    const tap = this.#tap
    const session = connect(`${isEncrypted ? 'https' : 'http'}://${address}`, {
      ...(isEncrypted ? identityOf(this.#settings) : {}),
      ...(tap === undefined ? {} : { createConnection: () => tap.connect(address) }),
      settings: { initialWindowSize: windowBytes, enablePush: false },
      maxSessionMemory: 100,
    })
    this.#session = session
    await this.#spoken(session)
    session.setLocalWindowSize(Math.max(windowBytes, 65_535))
    this.#keepAlive(session)
    return session
  }

  /** A server has spoken HTTP/2 when its settings are there; an accepted connection alone proves nothing. */
  #spoken(session: ClientHttp2Session): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const { connectTimeoutMs } = this.#settings
    const fail = (reason: string) => {
      reject(new CallError(status.UNAVAILABLE, `nothing spoke gRPC on ${this.#target.address}: ${reason}`))
      session.destroy()
    }
    const timer = setTimeout(() => fail(`no answer within ${connectTimeoutMs / 1_000} s`), connectTimeoutMs)
    session.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? 'the connection failed'))
    session.once('close', () => fail('the connection was closed'))
    session.once('remoteSettings', () => resolve())
    return promise.finally(() => clearTimeout(timer))
  }

  #keepAlive(session: ClientHttp2Session): void {
    const timer = setInterval(() => {
      const overdue = setTimeout(() => session.destroy(), PING_TIMEOUT_MS).unref()
      if (!session.ping(() => clearTimeout(overdue))) clearTimeout(overdue)
    }, this.#settings.keepaliveMs).unref()
    session.once('close', () => clearInterval(timer))
  }
}

/** At most eight digits are allowed: milliseconds below a day, seconds above. */
function toTimeoutHeader(timeoutMs: number): string {
  const ms = Math.max(1, Math.ceil(timeoutMs))
  return ms < 86_400_000 ? `${ms}m` : `${Math.ceil(ms / 1_000)}S`
}

/**
 * Whom to trust: the authorities that Node trusts, and those of a file besides; and who this server is, for
 * those who ask. Files are read for each connection, so that certificates may be renewed.
 */
function identityOf({ caFile, certFile, keyFile }: ChannelSettings): SecureContextOptions {
  const more = caFile === undefined ? [] : [readFileSync(caFile, 'utf8')]
  return {
    ca: [...getCACertificates('default'), ...more],
    ...(certFile === undefined ? {} : { cert: readFileSync(certFile) }),
    ...(keyFile === undefined ? {} : { key: readFileSync(keyFile) }),
  }
}
