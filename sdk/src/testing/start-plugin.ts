import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { extname, join } from 'node:path'
import { createInterface } from 'node:readline'

const READY = 'GLEANER_PLUGIN_READY '
/** Of the same kind as this file: as it is written, or built. */
const LAUNCHER = join(import.meta.dirname, `../launch${extname(import.meta.filename)}`)

/** A plugin that runs in a process of its own, on a port of this machine. */
export type PluginProcess = {
  readonly child: ChildProcess
  readonly port: number
  readonly startMs: number
  /** Everything printed on stdout so far, line by line. */
  readonly stdout: readonly string[]
  /** Everything logged so far. */
  readonly stderr: () => string
  /** Closes stdin, which ends a plugin, and resolves with how it ended. */
  stop(): Promise<number | null>
}

/** Variables of the process besides those that Gleaner sets, and its working directory. */
export type StartOptions = { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string }

/**
 * Starts a plugin module as Gleaner does: a process with hardly any environment, which the returned handle ends. Where this process
 * keeps compiled code (`NODE_COMPILE_CACHE`), the plugin's is kept beside it, and the next start takes a third of the time.
 * Rejects with the plugin's log when it does not become ready.
 */
export function startPlugin(module: string, options: StartOptions = {}): Promise<PluginProcess> {
  return startProcess([LAUNCHER, module], options)
}

/** The same for any program that prints the ready line. */
export async function startProcess(
  args: readonly string[],
  options: StartOptions = {},
): Promise<PluginProcess> {
  const startedAt = performance.now()
  const env = {
    PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
    GLEANER_PLUGIN_PORT: '0',
    MALLOC_ARENA_MAX: '1',
    GLEANER_PLUGIN_CACHE: process.env.NODE_COMPILE_CACHE,
    ...options.env,
  }
  const child = spawn(process.execPath, args, { env, cwd: options.cwd, stdio: ['pipe', 'pipe', 'pipe'] })
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text
  })
  const exited = once(child, 'close')
  const stdout: string[] = []
  const lines = createInterface({ input: child.stdout })
  const port = await new Promise<number>((resolve, reject) => {
    lines.on('line', (line) => {
      stdout.push(line)
      if (line.startsWith(READY)) resolve(Number(JSON.parse(line.slice(READY.length)).port))
    })
    exited.then(([code]) => reject(new Error(`the plugin ended with ${code} before it was ready: ${log}`)))
  })
  return {
    child,
    port,
    startMs: performance.now() - startedAt,
    stdout,
    stderr: () => log,
    async stop() {
      child.stdin.end()
      const [code] = await exited
      return code
    },
  }
}
