import { networkInterfaces, type Systeminformation } from 'systeminformation'
import type { Finding, Source } from '../source.ts'
import { readAddresses } from './addresses.ts'

/** Network interfaces with their lasting addresses. Speeds and counters are left out. */
export const readInterfaces: Source = async () => {
  const [found, addresses] = await Promise.all([networkInterfaces(), readAddresses()])
  return toInterfaces([found].flat(), addresses)
}

export function toInterfaces(
  interfaces: readonly Systeminformation.NetworkInterfacesData[],
  addresses: ReadonlyMap<string, readonly string[]>,
): readonly Finding[] {
  if (interfaces.length === 0) throw new Error('the system listed no network interface')
  return interfaces.map((each) => ({
    key: each.iface,
    name: each.ifaceName || each.iface,
    instanceType: each.type || undefined,
    ipAddresses: addresses.get(each.iface) ?? [],
    data: {
      name: each.iface,
      mac: each.mac || undefined,
      kind: each.type || undefined,
      mtu: each.mtu ?? undefined,
      state: each.operstate,
      addresses: addresses.get(each.iface) ?? [],
      is_internal: each.internal,
      is_virtual: each.virtual,
    },
  }))
}
