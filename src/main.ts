import { join } from 'node:path'
import { startApp } from './app.ts'
import { type Config, describeMisspelt, describeOptions, readConfig } from './config/index.ts'
import { GleanerError, toError } from './core/errors.ts'
import { IS_PACKAGED } from './core/packaged.ts'
import { greet } from './greet.ts'
import { createLogger, startTracing } from './telemetry/index.ts'
import { VERSION } from './version.ts'

/**
 * Where relative paths of the configuration start: in the clone, in which `npm start` runs; of a package,
 * where it was started.
 */
const ROOT = IS_PACKAGED ? process.cwd() : join(import.meta.dirname, '..')
const EXIT_FAILURE = 1
const EXIT_USAGE = 2
/** A clean stop is bounded; past this the process ends anyway, and children end with it. */
const STOP_WITHIN_MS = 30_000

await main()

/** The server process: configuration, start, greeting, and a clean stop on SIGINT or SIGTERM. */
async function main(): Promise<void> {
  const args = process.argv.slice(2)
  if (args.includes('--help') || args.includes('-h')) {
    console.log(describeOptions())
    return
  }
  if (args.includes('--version')) {
    console.log(VERSION)
    return
  }
  // Whoever reads what is printed may go, and the disk that it goes to may be full: the server goes on.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})
  const stopped = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => stopped.abort(signal))
  process.exitCode = await run(args, stopped.signal)
  // What still holds the event loop after a clean stop has no work to finish.
  process.exit()
}

async function run(args: readonly string[], stop: AbortSignal): Promise<number> {
  const startedAt = performance.now()
  const config = parseConfig(args)
  if (config === undefined) return EXIT_USAGE
  const log = createLogger({ level: config.logLevel ?? (process.stderr.isTTY ? 'warn' : 'info') })
  for (const complaint of describeMisspelt(process.env)) log.warn({}, complaint)
  process.on('unhandledRejection', (reason) => {
    log.error({ err: toError(reason) }, 'unhandled rejection; the server goes on')
  })
  try {
    const tracing = await startTracing({ env: process.env, version: VERSION, log })
    const app = await startApp({ config, log })
    const greeting = greet(app, { config, startedAt, signal: stop }).catch((thrown: unknown) => {
      if (!stop.aborted) report('the first inventory failed', thrown)
    })
    const reason = await Promise.race([
      untilAborted(stop),
      app.lost.catch((thrown: unknown) => toError(thrown)),
    ])
    if (reason instanceof Error) report('the database was lost', reason)
    const timer = setTimeout(() => process.exit(EXIT_FAILURE), STOP_WITHIN_MS)
    await Promise.all([greeting, app.stop()])
    await tracing?.stop()
    clearTimeout(timer)
    return reason instanceof Error ? EXIT_FAILURE : 0
  } catch (thrown) {
    report('Gleaner could not start', thrown)
    return EXIT_FAILURE
  }
}

function parseConfig(args: readonly string[]): Config | undefined {
  try {
    return readConfig({ args, env: process.env, root: ROOT })
  } catch (thrown) {
    report('Gleaner could not start', thrown)
    return undefined
  }
}

function untilAborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined)
    signal.addEventListener('abort', () => resolve(undefined), { once: true })
  })
}

// A known error explains itself; of an unknown one the stack is what helps.
function report(what: string, thrown: unknown): void {
  const error = toError(thrown)
  const text =
    error instanceof GleanerError ? `${error.code}: ${error.message}` : (error.stack ?? error.message)
  process.stderr.write(`${what}: ${text}\n`)
}
