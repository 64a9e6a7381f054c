import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Connection } from '../../../src/storage/index.ts'

const PROGRAM = fileURLToPath(new URL('../programs/scheduler.ts', import.meta.url))

/** Starts a scheduler in a process of its own and waits until it looks for what is due. */
export async function startSchedulerProcess(connection: Connection): Promise<ChildProcess> {
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(connection)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => {
      throw new Error('the scheduler process ended before it was ready')
    }),
  ])
  return child
}

/** Ends a process as a power cut would, and waits for its end. */
export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}
