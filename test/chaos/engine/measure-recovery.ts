import { hostname } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { DEFAULT_WORKER_SETTINGS } from '../../../src/jobs/index.ts'
import { type Arena, openArena } from './arena.ts'
import { keepProcesses, type Processes, type RoleProcess } from './processes.ts'
import { givenWorkload } from './workload.ts'

const { leaseMs, renewEveryMs, lookEveryMs } = DEFAULT_WORKER_SETTINGS

/**
 * Kills and freezes, in turn, a worker that runs tasks, and returns for each task how long it took until
 * another worker had it, in milliseconds. Leases are those of production.
 */
export async function measureRecovery({ rounds }: { readonly rounds: number }): Promise<readonly number[]> {
  const arena = await openArena()
  const delaysMs: number[] = []
  let processes: Processes | undefined
  try {
    // Streams that outlast the measurement: every task is running at any moment.
    const size = { collectors: 8, sharing: 0, count: 100_000, delayMs: 500 }
    const workload = await givenWorkload(arena, size)
    const settings = { leaseMs, renewEveryMs, lookEveryMs, capacity: 8 }
    processes = keepProcesses(arena, { worker: 3, scheduler: 1, api: 1, settings })
    await workload.startJobs(processes, 0)
    for (let round = 0; round < rounds; round++) {
      const victim = await busiest(arena, processes)
      const tasks = await tasksOf(arena, victim.pid)
      const struckAt = performance.now()
      if (round % 2 === 0) process.kill(victim.pid, 'SIGKILL')
      else process.kill(victim.pid, 'SIGSTOP')
      const recovered = await Promise.all(tasks.map((task) => untilElsewhere(arena, task, struckAt)))
      delaysMs.push(...recovered)
      if (round % 2 === 1) process.kill(victim.pid, 'SIGKILL')
    }
    return delaysMs
  } finally {
    await processes?.close()
    await arena.close()
  }
}

type RunningTask = { readonly jobTaskId: string; readonly attempt: number }

async function busiest(arena: Arena, processes: Processes): Promise<RoleProcess> {
  for (;;) {
    const loads = await Promise.all(
      processes
        .ready('worker')
        .map(async (worker) => ({ worker, tasks: (await tasksOf(arena, worker.pid)).length })),
    )
    const [first] = loads.toSorted((a, b) => b.tasks - a.tasks)
    // Somebody must be there to take over.
    if (first !== undefined && first.tasks >= 2 && loads.length >= 2) return first.worker
    await pause(200)
  }
}

async function tasksOf({ db }: Arena, pid: number): Promise<readonly RunningTask[]> {
  return await db.query<RunningTask>(
    "select job_task_id, attempt from job_task where status = 'IN_PROGRESS' and lease_owner like $1",
    [`${hostname()}:${pid}:%`],
  )
}

async function untilElsewhere(arena: Arena, task: RunningTask, struckAt: number): Promise<number> {
  for (;;) {
    const [row] = await arena.db.query<{ attempt: number }>(
      'select attempt from job_task where job_task_id = $1',
      [task.jobTaskId],
    )
    if ((row?.attempt ?? 0) > task.attempt) return performance.now() - struckAt
    await pause(50)
  }
}
