import { readFile } from 'node:fs/promises'

/** The system's own list of names for ports, such as `22/tcp` → `ssh`; empty where there is none. */
export async function readServiceNames(): Promise<ReadonlyMap<string, string>> {
  return parseServices(await readFile('/etc/services', 'utf8').catch(() => ''))
}

export function parseServices(text: string): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const line of text.split('\n')) {
    const [name, port] = line.replace(/#.*/, '').trim().split(/\s+/)
    if (name && port && !names.has(port)) names.set(port, name)
  }
  return names
}
