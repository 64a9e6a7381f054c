import { type LookupAddress, lookup as lookUp } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { PluginError } from '../errors.ts'
import { createPermits, type Reach } from './reach.ts'
import { type Connection, createTransport, type Transport } from './transport.ts'

/**
 * The way out of a plugin: to where its server lets it go. Options and secrets are a tenant's, and so is
 * every address in them.
 */
export type Network = {
  /**
   * For clients of protocols other than HTTP, and those that bring a client of their own: finds addresses
   * that may be dialled.
   */
  readonly lookup: LookupFunction
  /**
   * An address of a host that may be dialled. Dial this very address, and the name may mean what it likes a
   * moment later.
   */
  readonly addressOf: (host: string) => Promise<string>
  /**
   * Throws where a plugin may not read files, sockets and credentials of the machine it runs on; `what`
   * begins a sentence.
   */
  readonly assertLocal: (what: string) => void
  readonly connect: (connection: Connection) => Transport
}

export function createNetwork(reach: Reach): Network {
  const permits = createPermits(reach)
  const lookup: LookupFunction = (host, options, found) =>
    lookUp(host, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return found(error, '')
      const denied = addresses.find(({ address }) => !permits(address))
      const [first] = addresses
      if (denied !== undefined || first === undefined) return found(deniedError(host, denied), '')
      if (options.all) found(null, addresses)
      else found(null, first.address, first.family)
    })
  const addressOf = (host: string) =>
    new Promise<string>((resolve, reject) => {
      const literal = host.replace(/^\[|\]$/g, '')
      if (isIP(literal) !== 0)
        return permits(literal)
          ? resolve(literal)
          : reject(deniedError(host, { address: literal, family: 0 }))
      lookup(host, {}, (error, address) => (error === null ? resolve(String(address)) : reject(error)))
    })
  const assertLocal = (what: string) => {
    if (reach.level === 'private') return
    throw new PluginError(
      'ERROR_REACH',
      `${what} belongs to the machine of the worker, which plugins of this server must not reach (GLEANER_PLUGIN_REACH)`,
      { status: 'PERMISSION_DENIED' },
    )
  }
  return {
    lookup,
    addressOf,
    assertLocal,
    connect(connection) {
      if (connection.socketPath !== undefined) assertLocal(`the socket ${connection.socketPath}`)
      // An address that is written as numbers is dialled without a look-up.
      const check = async (url: URL) => {
        if (connection.socketPath === undefined && isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0)
          await addressOf(url.hostname)
      }
      return createTransport(connection, { lookup, check })
    },
  }
}

/** The link between a name and an address is the operator's business to see, and the reader's to correct. */
function deniedError(host: string, denied: LookupAddress | undefined): PluginError {
  const message =
    denied === undefined
      ? `${host} has no address`
      : `${host} has the address ${denied.address}, which plugins of this server must not reach; its operator may allow it with GLEANER_PLUGIN_ALLOW`
  return new PluginError('ERROR_REACH', message, { status: 'PERMISSION_DENIED' })
}
