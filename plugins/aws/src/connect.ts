import { NodeHttpHandler } from '@smithy/node-http-handler'
import type { Credentials } from './credentials.ts'
import type { Context, Options } from './options.ts'

/** What every client of the SDK is made with. */
export type ClientConfig = {
  readonly region: string
  readonly credentials?: Credentials
  readonly endpoint?: string
  /** Buckets in the path: names before an emulator's address would need a name server. */
  readonly forcePathStyle: boolean
  /**
   * The SDK makes one attempt. Pace and repetition are those of the plugin, which knows of all calls at once.
   */
  readonly maxAttempts: 1
  readonly requestHandler: NodeHttpHandler
}

const CONNECT_MS = 10_000
const MAX_SOCKETS = 64

/** Connections of one call of the plugin, shared by all its clients. */
export function createRequestHandler(
  { request_timeout_seconds: seconds }: Options,
  { lookup }: Context['network'],
): NodeHttpHandler {
  return new NodeHttpHandler({
    connectionTimeout: CONNECT_MS,
    requestTimeout: seconds * 1_000,
    throwOnRequestTimeout: true,
    socketTimeout: seconds * 1_000,
    httpAgent: { maxSockets: MAX_SOCKETS, lookup },
    httpsAgent: { maxSockets: MAX_SOCKETS, lookup },
  })
}

/** Refuses addresses and files of the options and the secret that the server does not let plugins reach. */
export async function assertReachable({ network, options, secretData }: Context): Promise<void> {
  for (const name of ['web_identity_token_file', 'profile'] as const)
    if (secretData[name] !== undefined) network.assertLocal(`secret_data.${name}`)
  if (secretData.profile !== undefined) await closeMetadata(network)
  for (const address of [options.endpoint, ...Object.values(options.endpoints ?? {})])
    if (typeof address === 'string' && URL.canParse(address))
      await network.addressOf(new URL(address).hostname)
}

const METADATA_SERVICE = '169.254.169.254'
const NOWHERE = 'http://127.0.0.1:0'

/**
 * A profile may say that its credential is that of the machine. The SDK asks the metadata service for it by a
 * client of its own, which knows nothing of what plugins may reach; so it is told another address, unless the
 * operator allows the real one.
 */
async function closeMetadata(network: Context['network']): Promise<void> {
  const isAllowed = await network.addressOf(METADATA_SERVICE).then(
    () => true,
    () => false,
  )
  if (!isAllowed) process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT = NOWHERE
}

export type Target = {
  /** As in the option `endpoints`. */
  readonly service: string
  readonly region: string
  readonly credentials: Credentials | undefined
}

export function clientConfig(
  options: Options,
  requestHandler: NodeHttpHandler,
  { credentials, region, service }: Target,
): ClientConfig {
  const own = options.endpoints?.[service]
  const endpoint = typeof own === 'string' ? own : options.endpoint
  return {
    region,
    forcePathStyle: endpoint !== undefined,
    maxAttempts: 1,
    requestHandler,
    ...(credentials === undefined ? {} : { credentials }),
    ...(endpoint === undefined ? {} : { endpoint }),
  }
}
