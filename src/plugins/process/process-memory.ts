import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

type MemoryWatch = {
  readonly pid: number
  readonly maxRssMb: number
  readonly sampleMs: number
  /** Asked before each look; the watch ends when it says no. */
  readonly isWatched: () => boolean
}

/**
 * Looks at the memory of a process again and again; answers how many MiB it uses when that is too much,
 * undefined when the watch is over.
 */
export async function watchMemory(watch: MemoryWatch): Promise<number | undefined> {
  while (watch.isWatched()) {
    const bytes = await readResidentBytes(watch.pid)
    if (bytes === undefined) return undefined
    const rssMb = Math.round(bytes / 1_048_576)
    if (rssMb > watch.maxRssMb) return rssMb
    await sleep(watch.sampleMs, undefined, { ref: false })
  }
  return undefined
}

/**
 * Linux reports pages; every platform Node supports there uses 4 KiB unless it says otherwise, and more only
 * makes the bound stricter.
 */
const PAGE_BYTES = 4_096

/** A forking plugin is followed this far; beyond it the bound is approximate. */
const MAX_PROCESSES = 256

/**
 * Resident memory of a process and its descendants in bytes; undefined where the system has no /proc or the
 * process is gone. Pages that several of them share are counted for each.
 */
export async function readResidentBytes(pid: number): Promise<number | undefined> {
  const own = await readOwnBytes(pid)
  if (own === undefined) return undefined
  let total = own
  const queue = await listChildren(pid)
  for (let i = 0; i < queue.length && i < MAX_PROCESSES; i++) {
    const child = queue[i]
    if (child === undefined) break
    total += (await readOwnBytes(child)) ?? 0
    queue.push(...(await listChildren(child)))
  }
  return total
}

async function readOwnBytes(pid: number): Promise<number | undefined> {
  const statm = await readProcFile(`/proc/${pid}/statm`)
  const pages = Number(statm?.split(' ')[1])
  return Number.isFinite(pages) ? pages * PAGE_BYTES : undefined
}

async function listChildren(pid: number): Promise<number[]> {
  const children = await readProcFile(`/proc/${pid}/task/${pid}/children`)
  return (children ?? '').split(' ').filter(Boolean).map(Number)
}

async function readProcFile(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    return undefined
  }
}
