import { isIP } from 'node:net'
import { type CallContext, type FromSchema, type ObjectSchema, PluginError } from '@gleaner/sdk'
import pg from 'pg'

export const OPTIONS = {
  type: 'object',
  properties: {
    host: { type: 'string', description: 'Host name or address of the server.' },
    port: { type: 'integer', minimum: 1, maximum: 65535, default: 5432, description: 'Its port.' },
    database: {
      type: 'string',
      default: 'postgres',
      description: 'Database to begin with; from there all others are found.',
    },
    tls: {
      type: 'string',
      enum: ['verify-full', 'require', 'disable'],
      default: 'verify-full',
      description: '`require` encrypts without knowing the server; `disable` sends everything in the clear.',
    },
    statement_timeout_seconds: {
      type: 'integer',
      minimum: 1,
      maximum: 3600,
      default: 60,
      description: 'How long one query may take.',
    },
    all_settings: {
      type: 'boolean',
      default: false,
      description: 'Also settings that have their default.',
    },
  },
  required: ['host'],
} as const satisfies ObjectSchema

export const SECRET = {
  type: 'object',
  properties: {
    username: {
      type: 'string',
      description: 'A role that may log in; `pg_monitor` lets it see sizes and settings.',
    },
    password: { type: 'string', description: 'Its password.' },
    ca: { type: 'string', description: 'Certificate authority in PEM, when the system does not know it.' },
  },
  required: ['username', 'password'],
} as const satisfies ObjectSchema

export type Context = CallContext<FromSchema<typeof OPTIONS>, FromSchema<typeof SECRET>>

/** Runs `work` on a read-only connection to one database, which ends with it or with the call. */
export async function withClient<T>(
  { network, options, secretData, signal }: Context,
  database: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted()
  const isSocket = options.host.startsWith('/')
  if (isSocket) network.assertLocal('the socket in options.host')
  const client = new pg.Client({
    host: isSocket ? options.host : await network.addressOf(options.host),
    port: options.port,
    database,
    user: secretData.username,
    password: secretData.password,
    ssl: tlsOf(options.tls, options.host, secretData.ca),
    connectionTimeoutMillis: 15_000,
    statement_timeout: options.statement_timeout_seconds * 1000,
    application_name: 'gleaner',
    options: '-c default_transaction_read_only=on -c search_path=pg_catalog',
  })
  // A connection that breaks fails the query that runs; without a listener it would end the process.
  client.on('error', () => {})
  const end = () => void client.end().catch(() => {})
  signal.addEventListener('abort', end, { once: true })
  try {
    await client.connect()
    return await work(client)
  } catch (error) {
    signal.throwIfAborted()
    throw explain(error, `database '${database}'`)
  } finally {
    signal.removeEventListener('abort', end)
    end()
  }
}

/** The address that was checked is dialled; the certificate is still that of the name. */
function tlsOf(mode: string | number | boolean, host: string, ca: string | undefined): false | object {
  if (mode === 'disable') return false
  const name = isIP(host) === 0 ? { servername: host } : {}
  return { rejectUnauthorized: mode === 'verify-full', ...name, ...(ca === undefined ? {} : { ca }) }
}

/**
 * What the server's code means for whoever reads the task. Others, such as those of the network, keep their
 * own words.
 */
function explain(error: unknown, where: string): unknown {
  const code = error instanceof pg.DatabaseError ? (error.code ?? '') : ''
  const say = (name: string, status: 'UNAUTHENTICATED' | 'PERMISSION_DENIED' | 'NOT_FOUND') =>
    new PluginError(name, `${where}: ${String(Object(error).message)}`, { status, cause: error })
  if (code.startsWith('28')) return say('ERROR_AUTHENTICATE_FAILURE', 'UNAUTHENTICATED')
  if (code === '42501') return say('ERROR_ACCESS_DENIED', 'PERMISSION_DENIED')
  if (code === '3D000') return say('ERROR_NOT_FOUND', 'NOT_FOUND')
  const isPassing = /^(08|53|57)/.test(code)
  if (code !== '')
    return new PluginError('ERROR_POSTGRESQL', `${where}: ${String(Object(error).message)}`, {
      retryable: isPassing,
      cause: error,
    })
  return error
}
