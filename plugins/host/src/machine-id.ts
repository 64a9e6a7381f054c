import { createHmac } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'

const FILES = ['/etc/machine-id', '/var/lib/dbus/machine-id']
const PURPOSE = 'gleaner host plugin: machine id'
const ID_CHARS = 20

/**
 * A pseudonym that stays the same for the life of the installation. The system's own id is confidential by
 * its documentation, so it leaves only as a keyed hash from which it cannot be found.
 */
export async function readMachineId(): Promise<string> {
  const raw = (await readFirstId(FILES)) ?? (await readHardwareId())
  return pseudonymOf(raw)
}

export function pseudonymOf(raw: string): string {
  return `machine-${createHmac('sha256', PURPOSE).update(raw).digest('hex').slice(0, ID_CHARS)}`
}

async function readFirstId(files: readonly string[]): Promise<string | undefined> {
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => '')
    if (/^[0-9a-f]{32}$/.test(text.trim())) return text.trim()
  }
  return undefined
}

/**
 * Without an id in a file: the hardware's, else the network addresses burnt in, else the name. The package is
 * loaded for that only: servers ask for the id as well, and would keep it in memory.
 */
async function readHardwareId(): Promise<string> {
  const { uuid } = await import('systeminformation')
  const { hardware, os, macs } = await uuid()
  return hardware || os || macs.toSorted().join(',') || hostname()
}
