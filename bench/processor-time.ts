import { readdirSync, readFileSync } from 'node:fs'

/**
 * Processor time that a server, its database and its plugins have used until now, seconds. Linux only; zeros
 * elsewhere.
 */
export type ProcessorTime = { readonly server: number; readonly database: number; readonly plugins: number }

/** Linux counts processor time in hundredths of a second, whatever its own clock. */
const TICKS_PER_SECOND = 100

type Process = {
  readonly parent: number
  readonly name: string
  readonly own: number
  readonly waitedFor: number
}

/**
 * On a machine that others use, rates say more about them than about us; processor time does not. Children
 * that have ended count for whoever waited for them: the database's parent process for its connections.
 */
export function readProcessorTime(serverPid: number): ProcessorTime {
  const processes = listProcesses()
  const time = { server: processes.get(serverPid)?.own ?? 0, database: 0, plugins: 0 }
  for (const [pid, { name, own, waitedFor }] of processes) {
    if (pid === serverPid || !isBelow(processes, pid, serverPid)) continue
    time[name === 'postgres' ? 'database' : 'plugins'] += own + waitedFor
  }
  return time
}

/** What was used between two readings, microseconds for each of `count`. */
export function usedEach(before: ProcessorTime, after: ProcessorTime, count: number): ProcessorTime {
  const each = (name: keyof ProcessorTime) => ((after[name] - before[name]) * 1e6) / count
  return { server: each('server'), database: each('database'), plugins: each('plugins') }
}

function isBelow(processes: ReadonlyMap<number, Process>, pid: number, ancestor: number): boolean {
  for (let at = processes.get(pid); at !== undefined; at = processes.get(at.parent)) {
    if (at.parent === ancestor) return true
  }
  return false
}

function listProcesses(): ReadonlyMap<number, Process> {
  if (process.platform !== 'linux') return new Map()
  return new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        const found = readProcess(Number(pid))
        return found === undefined ? [] : [[Number(pid), found] as const]
      }),
  )
}

/** Undefined when it has ended meanwhile. */
function readProcess(pid: number): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const nameEnd = stat.lastIndexOf(')')
    const fields = stat
      .slice(nameEnd + 2)
      .split(' ')
      .map(Number)
    const [, parent = 0] = fields
    const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15)
    return {
      parent,
      name: stat.slice(stat.indexOf('(') + 1, nameEnd),
      own: (user + system) / TICKS_PER_SECOND,
      waitedFor: (childUser + childSystem) / TICKS_PER_SECOND,
    }
  } catch {
    return undefined
  }
}
