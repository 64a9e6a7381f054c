import { readFile } from 'node:fs/promises'
import { endianness } from 'node:os'
import type { Listener } from './listening-services.ts'

const TABLES = [
  { file: '/proc/net/tcp', protocol: 'tcp' },
  { file: '/proc/net/tcp6', protocol: 'tcp' },
  { file: '/proc/net/udp', protocol: 'udp' },
  { file: '/proc/net/udp6', protocol: 'udp' },
] as const

/** State of a socket that waits: LISTEN for TCP, and for UDP "bound, and connected to nobody". */
const WAITING = { tcp: '0A', udp: '07' } as const

/**
 * Listening sockets from the kernel's own tables. The commands that show them are missing in slim
 * installations, and a missing command must not look like a machine on which nothing listens.
 */
export async function readProcListeners(): Promise<readonly Listener[]> {
  const found = await Promise.all(TABLES.map(({ file, protocol }) => readTable(file, protocol)))
  return found.flat()
}

/** Parses one table. Addresses are written in words of four bytes, each in the order of the machine. */
export function parseTable(text: string, protocol: 'tcp' | 'udp'): readonly Listener[] {
  const rows = text
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
  return rows
    .filter(([, , , state]) => state === WAITING[protocol])
    .map(([, local = '']) => {
      const [address = '', port = ''] = local.split(':')
      return { protocol, address: toAddress(address), port: Number.parseInt(port, 16) }
    })
}

/** Without IPv6 in the kernel its tables do not exist, which is no failure. */
async function readTable(file: string, protocol: 'tcp' | 'udp'): Promise<readonly Listener[]> {
  try {
    return parseTable(await readFile(file, 'utf8'), protocol)
  } catch (error) {
    if (file.endsWith('6') && isMissing(error)) return []
    throw error
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

function toAddress(hex: string): string {
  const bytes = hex.match(/.{8}/g)?.flatMap(bytesOf) ?? []
  if (bytes.length === 4) return bytes.join('.')
  const groups = Array.from(
    { length: 8 },
    (_, index) => ((bytes[2 * index] ?? 0) << 8) | (bytes[2 * index + 1] ?? 0),
  )
  return shorten(groups)
}

function bytesOf(word: string): readonly number[] {
  const bytes = [...Buffer.from(word, 'hex')]
  return endianness() === 'LE' ? bytes.reverse() : bytes
}

/** The usual spelling: the URL parser writes IPv6 addresses by the standard's rules. */
function shorten(groups: readonly number[]): string {
  const { hostname } = new URL(`http://[${groups.map((group) => group.toString(16)).join(':')}]`)
  return hostname.slice(1, -1)
}
