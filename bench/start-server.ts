import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Answer, Order } from './bench-server.ts'

/** The benchmark's server, told what to do one order after the other. */
export type Server = {
  readonly pid: number
  ask(order: Order): Promise<Answer>
  stop(): Promise<void>
}

/** How `npm start` runs the server. */
export const SERVER_FLAGS = [
  '--optimize-for-size',
  '--max-semi-space-size=4',
  '--heap-growing-percent=10',
  '--invocation-count-for-maglev=2500',
  '--disable-warning=ExperimentalWarning',
  '--import',
  join(import.meta.dirname, '../scripts/strip-types.mjs'),
]
export const SERVER_ENV = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: '1048576' }

/**
 * Starts it in a process of its own, as `npm start` runs one. Where there is a folder for profiles, each
 * thread of it and of its plugins leaves one there when it ends.
 */
export async function startServer(folder: string, profiles?: string): Promise<Server> {
  const args = [join(folder, 'data'), ...(profiles === undefined ? [] : [profiles])]
  const child = fork(join(import.meta.dirname, 'bench-server.ts'), args, {
    execArgv: [...SERVER_FLAGS, ...profileFlags(profiles)],
    env: { ...process.env, ...SERVER_ENV },
  })
  const exited = once(child, 'exit')
  const next = async (): Promise<Answer> => {
    const ended = exited.then(([code]) =>
      Promise.reject(new Error(`the benchmark's server ended with ${code}`)),
    )
    const [answer] = await Promise.race([once(child, 'message'), ended])
    if (answer.error !== undefined) throw new Error(answer.error)
    return answer
  }
  await next()
  return {
    pid: child.pid ?? 0,
    ask(order) {
      const answer = next()
      child.send(order)
      return answer
    },
    async stop() {
      if (child.exitCode === null) child.send({ do: 'stop' } satisfies Order)
      await exited
    },
  }
}

/** What makes Node write processor profiles into a folder. */
export function profileFlags(folder: string | undefined): readonly string[] {
  return folder === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', folder]
}
