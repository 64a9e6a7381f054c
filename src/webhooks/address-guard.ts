import { BlockList, isIP } from 'node:net'

/**
 * Networks that a request on somebody's behalf must not reach: this machine, private and shared networks,
 * link-local with the metadata services of clouds, documentation, benchmarks, multicast, and every form in
 * which IPv6 carries an IPv4 address.
 */
const DENIED = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/96',
  '::ffff:0:0:0/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
  // Outside 2000::/3 nothing is public.
  '4000::/2',
  '8000::/1',
] as const

/** Whether a request may go to an address. */
export type AddressGuard = {
  permits(address: string): boolean
  /** Whether the operator has named it. */
  isException(address: string): boolean
}

/**
 * Makes the guard; `allowed` are addresses and networks (`10.1.2.0/24`) that may be reached although they are
 * denied to others.
 */
export function createAddressGuard(allowed: readonly string[]): AddressGuard {
  const denied = listOf(DENIED)
  const exceptions = listOf(allowed)
  return {
    permits: (address) => isIP(address) !== 0 && (isIn(exceptions, address) || !isIn(denied, address)),
    isException: (address) => isIn(exceptions, address),
  }
}

// A list reads ::ffff:a.b.c.d as a.b.c.d, too.
function isIn(list: BlockList, address: string): boolean {
  return isIP(address) !== 0 && list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6')
}

/** Whether a text names an address or a network. */
export function isNetwork(text: string): boolean {
  const { address, bits } = split(text)
  const family = isIP(address)
  return (
    family !== 0 &&
    Number.isInteger(bits ?? 0) &&
    (bits ?? 0) >= 0 &&
    (bits ?? 0) <= (family === 4 ? 32 : 128)
  )
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const { address, bits } = split(network)
    const type = isIP(address) === 4 ? 'ipv4' : 'ipv6'
    if (bits === undefined) list.addAddress(address, type)
    else list.addSubnet(address, bits, type)
  }
  return list
}

function split(network: string): { address: string; bits: number | undefined } {
  const [address = '', bits] = network.split('/')
  return { address, bits: bits === undefined ? undefined : bits === '' ? Number.NaN : Number(bits) }
}
