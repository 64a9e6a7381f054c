import type { Client } from './client.ts'
import { listOf, numberOf, textOf } from './shapes.ts'

export type PluginProcess = {
  readonly pluginId: string
  readonly version: string
  readonly hostId: string
  readonly state: string
  readonly health: string
  readonly startedAt: string
  readonly memoryBytes: number
  readonly restarts: number
  readonly deaths: number
  readonly failedAt: string
  readonly failure: string
  /** Of a container: what runs, and what the same version was first run with. */
  readonly imageDigest: string
  readonly firstDigest: string
}

/** How the processes of a plugin are; '' reads those of all. */
export async function readProcesses(
  client: Client,
  domainId: string,
  pluginId: string,
): Promise<readonly PluginProcess[]> {
  const request = { domain_id: domainId, ...(pluginId === '' ? {} : { plugin_id: pluginId }) }
  const { value } = await client.post('/gleaner/v1/plugin-process/list', request)
  return listOf(value, 'results').map((row) => ({
    pluginId: textOf(row, 'plugin_id'),
    version: textOf(row, 'version'),
    hostId: textOf(row, 'host_id'),
    state: textOf(row, 'state'),
    health: textOf(row, 'health'),
    startedAt: textOf(row, 'started_at'),
    memoryBytes: numberOf(row, 'memory_bytes'),
    restarts: Math.max(0, numberOf(row, 'starts') - 1),
    deaths: numberOf(row, 'deaths'),
    failedAt: textOf(row, 'failed_at'),
    failure: textOf(row, 'failure'),
    imageDigest: textOf(row, 'image_digest'),
    firstDigest: textOf(row, 'first_digest'),
  }))
}

/** From the state that wants attention to the one that wants none. */
const WORST_FIRST = ['NOT_SERVING', 'UNREACHABLE', 'PAUSED', 'STARTING', 'RUNNING', 'STOPPED']

/** One word for all processes of a plugin: the one that wants most attention. Empty when none ever ran. */
export function healthOf(processes: readonly PluginProcess[]): string {
  const words = new Set(processes.flatMap(({ state, health }) => [state, health]))
  return WORST_FIRST.find((word) => words.has(word)) ?? ''
}
