import { networkConnections } from 'systeminformation'
import type { Finding, Source } from '../source.ts'
import { type PortRange, readEphemeralRange } from './ephemeral-ports.ts'
import { readProcListeners } from './proc-listeners.ts'
import { readServiceNames } from './service-names.ts'

export type Listener = {
  readonly protocol: 'tcp' | 'udp'
  readonly address: string
  readonly port: number
  readonly process?: string | undefined
}

/** What waits for connections, one resource for each address and port. */
export const readListeningServices: Source = async ({ includeEphemeralPorts }) => {
  const [listeners, range, names] = await Promise.all([
    process.platform === 'linux' ? readProcListeners() : readForeignListeners(),
    readEphemeralRange(),
    readServiceNames(),
  ])
  return toServices(includeEphemeralPorts ? listeners : listeners.filter(isOutside(range)), names)
}

export function toServices(
  listeners: readonly Listener[],
  names: ReadonlyMap<string, string>,
): readonly Finding[] {
  const byKey = new Map(listeners.map((each) => [`${each.protocol}:${each.address}:${each.port}`, each]))
  return [...byKey].map(([key, { protocol, address, port, process }]) => {
    const name = process ?? names.get(`${port}/${protocol}`)
    return {
      key,
      name: name === undefined ? `${protocol}/${port}` : `${name} (${protocol}/${port})`,
      instanceType: protocol,
      ipAddresses: isWildcard(address) ? [] : [address],
      data: { protocol, address, port, process, well_known_as: names.get(`${port}/${protocol}`) },
    }
  })
}

/**
 * A port that the system handed out at random is another one after each restart of its program (this plugin's
 * own is one of them), so it would be a new resource every time.
 */
function isOutside(range: PortRange): (listener: Listener) => boolean {
  return ({ port }) => port < range.first || port > range.last
}

/** Systems without /proc: the library knows their commands. */
async function readForeignListeners(): Promise<readonly Listener[]> {
  const connections = await networkConnections()
  if (connections.length === 0) throw new Error('the system listed no connection (is netstat installed?)')
  return connections
    .filter(({ state }) => state === 'LISTEN' || state === 'LISTENING')
    .map(({ localAddress, localPort, process: name }) => ({
      protocol: 'tcp',
      address: localAddress === '*' ? '0.0.0.0' : localAddress,
      port: Number(localPort),
      process: name || undefined,
    }))
}

function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '::'
}
