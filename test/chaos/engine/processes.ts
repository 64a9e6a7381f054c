import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { WorkerSettings } from '../../../src/jobs/index.ts'
import { addressOf } from '../../support/app.ts'
import { TEST_MASTER_KEY } from '../../support/keyring.ts'
import { isAlive } from '../../support/processes.ts'
import type { Arena } from './arena.ts'

const HERE = import.meta.dirname
const MAIN = join(HERE, '../../../src/main.ts')
/** Starting is most of what a killed process costs. */
const COMPILED = join(HERE, '../../../node_modules/.cache/gleaner')

export const ROLES = ['worker', 'scheduler', 'api'] as const
export type Role = (typeof ROLES)[number]

/** How many processes of each role there are, and how the workers work. */
export type Crew = Readonly<Record<Role, number>> & { readonly settings: Partial<WorkerSettings> }

export type RoleProcess = {
  readonly role: Role
  readonly child: ChildProcess
  readonly pid: number
  isReady: boolean
  isFrozen: boolean
  /** Where an API process listens, once it has said so. */
  url: string
  /** The last it has printed. */
  said: string
}

/** Keeps a number of processes running, whatever happens to them. */
export function keepProcesses(arena: Arena, crew: Crew) {
  const processes = new Set<RoleProcess>()
  /** Exit codes of processes that ended without having been killed: there should be none. */
  const accidents: string[] = []
  let isClosing = false

  function start(role: Role): void {
    if (isClosing) return
    const { args, env } = commandOf(role, arena, crew)
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_COMPILE_CACHE: COMPILED, ...env },
    })
    const started: RoleProcess = {
      role,
      child,
      pid: child.pid ?? 0,
      isReady: false,
      isFrozen: false,
      url: '',
      said: '',
    }
    processes.add(started)
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        started.said = (started.said + chunk.toString()).slice(-4_000)
        started.isReady ||= /^(ready$|Gleaner is ready)/m.test(started.said)
        started.url ||= /http:\/\/127\.0\.0\.1:\d+/.exec(started.said)?.[0] ?? ''
      })
    child.once('exit', (code, signal) => {
      processes.delete(started)
      // A start while the database is away fails, as that of any server; a supervisor tries again.
      if (signal !== 'SIGKILL' && started.isReady && !isClosing)
        accidents.push(`${role} exit ${code}: ${started.said.slice(-500)}`)
      setTimeout(() => start(role), signal === 'SIGKILL' ? 0 : 300)
    })
  }

  for (const role of ROLES) for (let number = 0; number < crew[role]; number++) start(role)
  return {
    accidents,
    /** Those that work now and may be disturbed. */
    ready: (role: Role) => [...processes].filter((one) => one.role === role && one.isReady && !one.isFrozen),
    async close() {
      isClosing = true
      await Promise.all(
        [...processes].map(async ({ child, pid }) => {
          const gone = once(child, 'exit')
          child.kill('SIGKILL')
          if (isAlive(pid)) await gone
        }),
      )
    },
  }
}

export type Processes = ReturnType<typeof keepProcesses>

/** The worker takes its settings from the test; the others are what ships. */
function commandOf(
  role: Role,
  { connection, dataDir }: Arena,
  { settings }: Crew,
): { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> } {
  if (role === 'worker') {
    const input = { connection, dataDir, masterKey: TEST_MASTER_KEY, settings }
    return { args: [join(HERE, 'programs/worker.ts'), JSON.stringify(input)], env: {} }
  }
  const ports = ['--http-port', '0', '--grpc-port', '0']
  return {
    args: [MAIN, '--data-dir', join(dataDir, role), '--roles', role, ...ports],
    env: { DATABASE_URL: addressOf(connection), GLEANER_MASTER_KEY: TEST_MASTER_KEY },
  }
}
