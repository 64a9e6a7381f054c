import { readFile } from 'node:fs/promises'

export type PortRange = { readonly first: number; readonly last: number }

/** What the other systems use, by their documentation. */
const USUAL: PortRange = { first: 49152, last: 65535 }

/** The ports this system hands out when a program asks for any. */
export async function readEphemeralRange(): Promise<PortRange> {
  const text = await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').catch(() => '')
  const [first = Number.NaN, last = Number.NaN] = text.trim().split(/\s+/).map(Number)
  return first > 0 && last > 0 ? { first, last } : USUAL
}
