import { BlockList, isIP } from 'node:net'

/**
 * What of its surroundings a plugin may reach: the private networks and files of the worker as well, or
 * public addresses alone.
 */
export type ReachLevel = 'private' | 'public'

export type Reach = {
  readonly level: ReachLevel
  /** Addresses and networks that may be reached although the level leaves them out. */
  readonly allow: readonly string[]
}

/**
 * What gives a credential of the machine to whoever asks: metadata services of clouds, all of link-local, and
 * the forms in which IPv6 carries an IPv4 address across a gateway.
 */
const METADATA = [
  '169.254.0.0/16',
  '100.100.100.200/32',
  '168.63.129.16/32',
  '192.0.0.192/32',
  'fe80::/10',
  'fd00:ec2::/32',
  'fd20:ce::/32',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '2002::/16',
]

/**
 * What is not public. The server has the same list for webhooks, and a test that they agree: they ship apart.
 */
const PRIVATE = [
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
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '3fff::/20',
  '4000::/2',
  '8000::/1',
]

/**
 * Reads `GLEANER_PLUGIN_REACH` and `GLEANER_PLUGIN_ALLOW`, by which a server tells its plugins. Anything but
 * `private` is the narrower.
 */
export function readReach(env: NodeJS.ProcessEnv): Reach {
  const { GLEANER_PLUGIN_ALLOW: allow = '', GLEANER_PLUGIN_REACH: level = 'private' } = env
  return {
    level: level === 'private' ? 'private' : 'public',
    allow: allow.split(',').filter((network) => network !== ''),
  }
}

/** Tells which addresses may be dialled. */
export function createPermits({ allow, level }: Reach): (address: string) => boolean {
  const denied = listOf(level === 'public' ? [...METADATA, ...PRIVATE] : METADATA)
  const exceptions = listOf(allow)
  // A list reads ::ffff:a.b.c.d as a.b.c.d, too.
  const isIn = (list: BlockList, address: string) =>
    list.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6')
  return (address) => isIP(address) !== 0 && (isIn(exceptions, address) || !isIn(denied, address))
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    const type = isIP(address) === 4 ? 'ipv4' : 'ipv6'
    if (bits === undefined) list.addAddress(address, type)
    else list.addSubnet(address, Number(bits), type)
  }
  return list
}
