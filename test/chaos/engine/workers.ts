import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { WorkerSettings } from '../../../src/jobs/index.ts'
import { TEST_MASTER_KEY } from '../../support/keyring.ts'
import { isAlive } from '../../support/processes.ts'
import type { Arena } from './arena.ts'

const PROGRAM = join(import.meta.dirname, 'programs/worker.ts')
/** Starting is most of what a killed worker costs. */
const COMPILED = join(import.meta.dirname, '../../../node_modules/.cache/gleaner')

export type WorkerProcess = {
  readonly child: ChildProcess
  readonly pid: number
  isReady: boolean
  isFrozen: boolean
}

/** Keeps a number of worker processes running, whatever happens to them. */
export function keepWorkers(arena: Arena, count: number, settings: Partial<WorkerSettings>) {
  const workers = new Set<WorkerProcess>()
  /** Exit codes of workers that ended without having been killed: there should be none. */
  const accidents: string[] = []
  let isClosing = false

  function start(): void {
    if (isClosing) return
    const { connection, dataDir } = arena
    const input = JSON.stringify({ connection, dataDir, masterKey: TEST_MASTER_KEY, settings })
    const child = spawn(process.execPath, [PROGRAM, input], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_COMPILE_CACHE: COMPILED },
    })
    const worker: WorkerProcess = { child, pid: child.pid ?? 0, isReady: false, isFrozen: false }
    workers.add(worker)
    let said = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-500)
    })
    child.stdout?.once('data', () => {
      worker.isReady = true
    })
    child.once('exit', (code, signal) => {
      workers.delete(worker)
      // A start while the database is away fails, as that of any server; a supervisor tries again.
      if (signal !== 'SIGKILL' && worker.isReady && !isClosing) accidents.push(`exit ${code}: ${said}`)
      setTimeout(start, signal === 'SIGKILL' ? 0 : 300)
    })
  }

  for (let number = 0; number < count; number++) start()
  return {
    accidents,
    /** Those that work now and may be disturbed. */
    ready: () => [...workers].filter(({ isReady, isFrozen }) => isReady && !isFrozen),
    async close() {
      isClosing = true
      await Promise.all(
        [...workers].map(async ({ child, pid }) => {
          const gone = once(child, 'exit')
          child.kill('SIGKILL')
          if (isAlive(pid)) await gone
        }),
      )
    },
  }
}

export type Workers = ReturnType<typeof keepWorkers>
