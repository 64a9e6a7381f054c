import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const ROOT = join(import.meta.dirname, '../..')

export type Started = { readonly url: string; stop(): Promise<void> }

/** Starts a plugin as a server of its own, as a team would that runs it elsewhere. Log lines are shown when EXAMPLE_LOG is set. */
export async function startPlugin(program: string): Promise<Started> {
  const port = await freePort()
  const child = start(['sdk/src/launch.ts', program], {
    GLEANER_PLUGIN_PORT: String(port),
  })
  await once(child.stdout ?? child, 'data')
  return { url: `grpc://127.0.0.1:${port}`, stop: () => end(child) }
}

/** Starts the server with an empty database, embedded unless DATABASE_URL names another. */
export async function startGleaner(): Promise<Started> {
  const dataDir = mkdtempSync(join(tmpdir(), 'gleaner-example-'))
  const [http, grpc] = [await freePort(), await freePort()]
  const flags = [
    '--data-dir',
    dataDir,
    '--http-port',
    `${http}`,
    '--grpc-port',
    `${grpc}`,
    '--first-inventory',
    'false',
  ]
  // Runs follow each other within seconds here; elsewhere they have to be ten minutes apart to count.
  const child = start(['src/main.ts', ...flags], { GLEANER_COVERAGE_MIN_RECEIPT_SPACING: '0' })
  const url = `http://127.0.0.1:${http}`
  await untilServing(url, child)
  return {
    url,
    async stop() {
      await end(child)
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

function start(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', process.env.EXAMPLE_LOG === undefined ? 'ignore' : 'inherit'],
  })
  // Nobody reads on, and a full pipe would stop it.
  child.stdout?.resume()
  return child
}

async function end(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  await exited
}

async function untilServing(url: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    const isServing = await fetch(`${url}/check`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isServing) return
    await pause(100)
  }
  throw new Error(`the server ended with ${child.exitCode} before it served`)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('there is no free port')
  return address.port
}
