import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')

export type Started = { readonly url: string; stop(): Promise<void> }

/**
 * Starts a plugin as a server of its own, as a team would that runs it elsewhere. Log lines are shown when
 * EXAMPLE_LOG is set.
 */
export async function startPlugin(program: string): Promise<Started> {
  const child = start(['sdk/src/launch.ts', program], { GLEANER_PLUGIN_PORT: '0' })
  const port = await readOutput(child, /"port":(\d+)/)
  return { url: `grpc://127.0.0.1:${port}`, stop: () => end(child) }
}

/** Starts the server with an empty database, embedded unless DATABASE_URL names another. */
export async function startGleaner(): Promise<Started> {
  const dataDir = mkdtempSync(join(tmpdir(), 'gleaner-example-'))
  const ports = ['--http-port', '0', '--grpc-port', '0']
  const flags = ['--data-dir', dataDir, ...ports, '--first-inventory', 'false']
  // Runs follow each other within seconds here; elsewhere they have to be ten minutes apart to count.
  const child = start(['src/main.ts', ...flags], { GLEANER_COVERAGE_MIN_RECEIPT_SPACING: '0' })
  const url = await readOutput(child, /REST API +(http:\S+)/)
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
  return child
}

async function end(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  await exited
}

/**
 * What the program says of itself on stdout, once it has. Goes on reading: a full pipe would stop the
 * program.
 */
function readOutput(child: ChildProcess, pattern: RegExp): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let output = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text
    const [, found] = pattern.exec(output) ?? []
    if (found !== undefined) resolve(found)
  })
  child.once('exit', (code) =>
    reject(new Error(`it ended with ${code}, having said '${output}'. EXAMPLE_LOG=1 shows its log`)),
  )
  return promise
}
