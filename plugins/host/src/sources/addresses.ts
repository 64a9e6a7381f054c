import { readFile } from 'node:fs/promises'
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os'

/** Flag of an address that the kernel made up for privacy and replaces every day. */
const IFA_F_TEMPORARY = 0x01

/**
 * The lasting addresses of each interface, sorted. Link-local ones say nothing outside the link and are left
 * out.
 */
export async function readAddresses(): Promise<ReadonlyMap<string, readonly string[]>> {
  const table = await readFile('/proc/net/if_inet6', 'utf8').catch(() => '')
  return lastingAddresses(networkInterfaces(), parseTemporary(table))
}

export function lastingAddresses(
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>,
  temporary: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> {
  const entries = Object.entries(interfaces).map(([name, infos = []]) => {
    const lasting = infos
      .map(({ address }) => address)
      .filter((address) => !isLinkLocal(address) && !temporary.has(expand(address)))
    return [name, [...new Set(lasting)].sort()] as const
  })
  return new Map(entries)
}

/** Reads /proc/net/if_inet6: address, index, prefix length, scope, flags, name, all in hex. */
export function parseTemporary(table: string): ReadonlySet<string> {
  const rows = table.split('\n').map((line) => line.trim().split(/\s+/))
  return new Set(
    rows
      .filter(([, , , , flags = '']) => (Number.parseInt(flags, 16) & IFA_F_TEMPORARY) !== 0)
      .map(([address = '']) => address),
  )
}

function isLinkLocal(address: string): boolean {
  return address.toLowerCase().startsWith('fe80:') || address.startsWith('169.254.')
}

/** `fd00::2` as the 32 hex digits of the kernel's table; an IPv4 address comes back unchanged. */
function expand(address: string): string {
  if (!address.includes(':')) return address
  const [head = '', tail = ''] = address.split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === '' ? [] : tail.split(':')
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
  return [...before, ...zeros, ...after].map((group) => group.padStart(4, '0')).join('')
}
