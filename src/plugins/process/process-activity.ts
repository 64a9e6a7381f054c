import { readdir, readFile } from 'node:fs/promises'

/** What the processes of a plugin have done up to now, in nanoseconds. Only differences mean something. */
export type Activity = {
  /** Time on a processor. */
  readonly busyNs: number
  /** Time that they wanted one and waited; 0 where that cannot be seen. */
  readonly waitedNs: number
}

/** Linux tells the times of a process in hundredths of a second, whatever its own clock does. */
const TICK_NS = 1e7

/**
 * Every thread of every process of a group counts, and what its ended threads and children took, so that work
 * beside the main thread is seen as well. Undefined where the system has no /proc, or the group is gone.
 */
export async function readGroupActivity(groupId: number): Promise<Activity | undefined> {
  const processes = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const read = (await Promise.all(processes.map((id) => readMember(id, groupId)))).filter(
    (each) => each !== undefined,
  )
  if (read.length === 0) return undefined
  return {
    busyNs: sum(read.map(({ busyNs }) => busyNs)),
    waitedNs: sum(read.map(({ waitedNs }) => waitedNs)),
  }
}

/**
 * Of `stat`, what comes after the name, which stands in brackets and may hold anything: group, and times of
 * its own and of children.
 */
async function readMember(id: string, groupId: number): Promise<Activity | undefined> {
  const stat = await read(`/proc/${id}/stat`)
  if (stat === undefined) return undefined
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  if (fields[2] !== groupId) return undefined
  return { busyNs: sum(fields.slice(11, 15)) * TICK_NS, waitedNs: await readWaited(id) }
}

async function readWaited(id: string): Promise<number> {
  const threads = await readdir(`/proc/${id}/task`).catch(() => [])
  const accounts = await Promise.all(threads.map((thread) => read(`/proc/${id}/task/${thread}/schedstat`)))
  return sum(accounts.map((account) => Number(account?.split(' ')[1] ?? 0)))
}

function read(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined)
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
