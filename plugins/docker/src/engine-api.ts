import { InvalidInput, PluginError } from '@gleaner/sdk'
import type { Context } from './options.ts'

/**
 * GETs of the Docker Engine API, in the version that the engine itself prefers. Undefined for what is not
 * there (any more).
 */
export type EngineApi = <T>(path: string, query?: Readonly<Record<string, string>>) => Promise<T | undefined>

/** Host of the addresses that go through a socket; nobody looks it up. */
const AT_SOCKET = 'http://engine'

export function openEngine({ fetchOver, options, secretData, signal }: Context): EngineApi {
  const { ca, client_certificate: cert, client_key: key } = secretData
  if ((cert === undefined) !== (key === undefined))
    throw new InvalidInput(['secret_data.client_certificate and secret_data.client_key go together'])
  const { base, socketPath } = parseAddress(options.engine)
  const fetch = fetchOver({ ca, cert, key, socketPath })
  return async (path, query = {}) => {
    const url = new URL(path, base)
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    try {
      const answer = await fetch(url, { accept: [404], api: options.engine, redirect: 'manual' })
      return answer.status === 404 ? undefined : asAnswer(JSON.parse(await answer.text()))
    } catch (error) {
      signal.throwIfAborted()
      throw explain(error, socketPath)
    }
  }
}

function parseAddress(text: string): { readonly base: string; readonly socketPath: string | undefined } {
  const [, socketPath] = /^unix:\/\/(\/.+)$/.exec(text) ?? []
  if (socketPath !== undefined) return { base: AT_SOCKET, socketPath }
  const address = text.replace(/^tcp:/, 'http:')
  if (/^https?:\/\/[^/]+\/?$/.test(address) && URL.canParse(address))
    return { base: address, socketPath: undefined }
  throw new InvalidInput(['options.engine must be unix://PATH, tcp://HOST:PORT or https://HOST:PORT'])
}

/**
 * A socket that may not be opened is the commonest reason, and whoever may open it is as good as root on that
 * machine.
 */
function explain(error: unknown, socketPath: string | undefined): unknown {
  if (error instanceof SyntaxError)
    return new PluginError('ERROR_ANSWER', 'what answers at options.engine is no Docker engine', {
      cause: error,
    })
  const cause = error instanceof PluginError ? error.cause : undefined
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (socketPath === undefined || (code !== 'EACCES' && code !== 'ENOENT')) return error
  const message =
    code === 'ENOENT'
      ? `there is no socket ${socketPath} on this machine`
      : `the plugin runs as uid ${process.getuid?.()} and may not open ${socketPath}; let that user in (setfacl -m u:${process.getuid?.()}:rw ${socketPath}), or offer the engine's API read-only by a proxy and name that by options.engine`
  return new PluginError('ERROR_ENGINE', message, { status: 'FAILED_PRECONDITION', cause: error })
}

/** Claims the shape that the API promises for a path. */
function asAnswer<T>(value: unknown): T {
  return value as T
}
