import { GleanerError } from '../core/errors.ts'

export type PortRequest = {
  readonly host: string
  readonly port: number
  /** What is served there, for the message: `HTTP`, `gRPC`. */
  readonly what: string
  /** The environment variable that moves it elsewhere. */
  readonly variable: string
}

/** The port a server wants belongs to somebody else. */
class PortInUse extends GleanerError {
  constructor({ host, port, what, variable }: PortRequest, cause: unknown) {
    const message =
      `port ${port} on ${host} is taken by another process, so the ${what} server cannot start; ` +
      `stop that process, or set ${variable} to a free port`
    super('failed_precondition', 'ERROR_PORT_IN_USE', message, { cause })
  }
}

/** Any other reason why listening failed: no right to the port, no such address. */
class CannotListen extends GleanerError {
  constructor({ host, port, what, variable }: PortRequest, cause: Error) {
    const message =
      `the ${what} server cannot listen on ${host}:${port}: ${cause.message}; ` +
      `check GLEANER_HOST and ${variable}`
    super('failed_precondition', 'ERROR_LISTEN', message, { cause })
  }
}

/** Explains why listening failed. grpc-js gives only a text, so the code is looked for in it as well. */
export function toListenError(request: PortRequest, cause: Error): GleanerError {
  const isTaken = ('code' in cause && cause.code === 'EADDRINUSE') || cause.message.includes('EADDRINUSE')
  return isTaken ? new PortInUse(request, cause) : new CannotListen(request, cause)
}
