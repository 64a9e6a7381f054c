import { once } from 'node:events'
import {
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import type { Socket } from 'node:net'
import { refuseRequest } from './headers.ts'
import { ServerCall } from './server-call.ts'

/** Answers one call; it sees to the status itself. */
export type Handler = (call: ServerCall) => Promise<void>

/** By path, such as `/grpc.health.v1.Health/Check`. */
export type Handlers = Readonly<Record<string, Handler>>

/** Megabytes that may wait in one connection, which many calls with messages of 32 MiB may share. */
const SESSION_MEGABYTES = 1_000

/** How long a silent connection may be before the system asks whether the other side is still there. */
const KEEP_ALIVE_MS = 60_000

/**
 * A gRPC server without encryption, for methods of one request and one or many answers. Written on
 * `node:http2` because the general library wants a call of its own for each message, where a plugin has a
 * hundred thousand to write.
 */
export class GrpcServer {
  readonly #handlers: ReadonlyMap<string, Handler>
  readonly #server: Http2Server
  readonly #sessions = new Set<ServerHttp2Session>()

  constructor(handlers: Handlers) {
    this.#handlers = new Map(Object.entries(handlers))
    this.#server = createServer({ maxSessionMemory: SESSION_MEGABYTES })
    this.#server.on('connection', (socket: Socket) => socket.setKeepAlive(true, KEEP_ALIVE_MS))
    this.#server.on('session', (session) => this.#keep(session))
    this.#server.on('stream', (stream, headers) => this.#serve(stream, headers))
  }

  /** Resolves with the port. */
  async listen(port: number, host: string): Promise<number> {
    this.#server.listen(port, host)
    await once(this.#server, 'listening')
    const address = this.#server.address()
    return address !== null && typeof address === 'object' ? address.port : port
  }

  /** Takes no more calls, and tells every caller so; resolves when the last connection is closed. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    for (const session of this.#sessions) session.close()
    await closed
  }

  /** Ends what `close` would wait for. */
  destroy(): void {
    for (const session of this.#sessions) session.destroy()
  }

  #keep(session: ServerHttp2Session): void {
    this.#sessions.add(session)
    session.once('close', () => this.#sessions.delete(session))
  }

  #serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    // What fails here is seen as the end of the call.
    stream.on('error', () => {})
    const refusal = refuseRequest(headers)
    if (refusal !== undefined) {
      stream.respond({ ':status': refusal }, { endStream: true })
      stream.resume()
      return
    }
    const call = new ServerCall(stream, headers)
    const handler = this.#handlers.get(call.path)
    if (Number.isNaN(call.deadlineMs))
      call.finish({ status: 'INTERNAL', details: 'the header grpc-timeout cannot be read' })
    else if (handler) void handler(call)
    else call.finish({ status: 'UNIMPLEMENTED', details: `there is no method ${call.path}` })
  }
}
