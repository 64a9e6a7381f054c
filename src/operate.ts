import { join, resolve } from 'node:path'
import { backUp, type Manifest, move, type OnProgress, restore, verifyBackup } from './backup/index.ts'
import { type Config, describeMisspelt, readConfig } from './config/index.ts'
import { GleanerError, toError } from './core/errors.ts'
import { IS_PACKAGED, START_COMMAND, START_WITH_OPTIONS } from './core/packaged.ts'
import { countOf } from './core/words/count.ts'
import { duration } from './core/words/time.ts'
import { toKeySource } from './key-source.ts'
import { adviseOnKeys, copyKeys, ensureKey, placeKeys } from './master-key-copy.ts'
import { createProgressLine } from './progress-line.ts'
import { reachDatabase } from './storage/transfer/index.ts'
import { createLogger } from './telemetry/index.ts'
import { VERSION } from './version.ts'

const ROOT = join(import.meta.dirname, '..')
const MIGRATIONS = join(ROOT, 'migrations')
const EXIT_FAILURE = 1
const EXIT_USAGE = 2
const EXIT_INTERRUPTED = 130

const WITH_KEY = '--with-master-key'
const NEW_KEY = '--new-master-key'

type Run = {
  readonly config: Config
  /** What the command line names beside options of the server. */
  readonly folder: string
  /** Flags of the command itself. */
  readonly flags: ReadonlySet<string>
  readonly log: ReturnType<typeof createLogger>
  readonly onProgress: OnProgress
  readonly signal: AbortSignal
}

type Command = {
  readonly usage: string
  /** Its own, beside the options of the server. */
  readonly flags: readonly string[]
  readonly about: string
  /** Returns what is said when it is done. */
  readonly run: (run: Run) => Promise<string>
}

const COMMANDS: Readonly<Record<string, Command>> = {
  backup: {
    usage: `${commandOf('backup')} FOLDER [${WITH_KEY}] [options of the server]`,
    flags: [WITH_KEY],
    about:
      'Writes a backup of the database of the server with the same options into a new folder, whether that server runs or not. The master key is kept out of it unless asked for.',
    run: runBackup,
  },
  verify: {
    usage: `${commandOf('verify', 'backup:verify')} FOLDER`,
    flags: [],
    about: 'Reads a backup from its beginning to its end, and says whether it is as it was written.',
    run: runVerify,
  },
  restore: {
    usage: `${commandOf('restore')} FOLDER [${NEW_KEY}] [options of the server]`,
    flags: [NEW_KEY],
    about: `Restores a backup into an empty data folder, or into the empty database of DATABASE_URL. With ${NEW_KEY}, for a master key that is lost, nobody can open the secrets in it any more, and new ones can be stored.`,
    run: runRestore,
  },
  move: {
    usage: IS_PACKAGED
      ? 'gleaner-server move [options of the server]'
      : 'npm run move [-- options of the server]',
    flags: [],
    about:
      'Copies everything from the embedded database in the data folder into the empty database of DATABASE_URL. The server must be stopped.',
    run: runMove,
  },
}

process.exitCode = await main(process.argv.slice(2))
// What still holds the event loop has no work to finish.
process.exit()

/** What an operator does with the database beside the server: back up, verify, restore, move. */
async function main([name = '', ...args]: readonly string[]): Promise<number> {
  const command = COMMANDS[name]
  if (command === undefined || args.includes('--help') || args.includes('-h')) {
    console.log(describe(command === undefined ? Object.values(COMMANDS) : [command]))
    return command === undefined ? EXIT_USAGE : 0
  }
  const stopped = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => stopped.abort(interruptedBy(signal)))
  const line = createProgressLine(process.stderr)
  try {
    const run = toRun(command, args, { onProgress: line.show, signal: stopped.signal })
    const said = await command.run(run)
    line.clear()
    console.log(said)
    return 0
  } catch (thrown) {
    line.clear()
    return report(thrown, name)
  }
}

function toRun(command: Command, args: readonly string[], rest: Pick<Run, 'onProgress' | 'signal'>): Run {
  const flags = new Set(args.filter((arg) => command.flags.includes(arg)))
  const own = args.filter((arg) => !flags.has(arg))
  const takesFolder = command.usage.includes('FOLDER')
  const [folder = '', ...options] = takesFolder ? own : ['', ...own]
  if (takesFolder && (folder === '' || folder.startsWith('-')))
    throw usageError(`it takes a folder first: ${command.usage}`)
  const config = readConfig({ args: options, env: process.env, root: IS_PACKAGED ? process.cwd() : ROOT })
  const log = createLogger({ level: config.logLevel ?? 'warn' })
  for (const complaint of describeMisspelt(process.env)) log.warn({}, complaint)
  // npm runs its scripts in the folder of the clone; paths start from where it was called.
  return { ...rest, config, log, flags, folder: resolve(process.env.INIT_CWD ?? '.', folder) }
}

async function runBackup({ config, folder, flags, log, onProgress, signal }: Run): Promise<string> {
  const startedAt = performance.now()
  const source = toKeySource(config)
  const masterKey = flags.has(WITH_KEY) ? await copyKeys(source) : undefined
  const { connection, version, close } = await reachDatabase({ ...config, log })
  try {
    const order = {
      connection,
      postgres: version,
      folder,
      gleaner: VERSION,
      masterKey,
      migrations: MIGRATIONS,
    }
    const manifest = await backUp({ ...order, onProgress, signal })
    const key = manifest.hasMasterKey
      ? `It holds the master key: whoever reads it can open every secret. Guard it as you guard the key.`
      : `The master key is not in it. Without ${source.name} nobody can open the secrets in it: keep a copy of that elsewhere.`
    return `Backed up ${summaryOf(manifest)} in ${since(startedAt)} to ${folder}, as they were at ${manifest.takenAt}.\n${key}`
  } finally {
    await close()
  }
}

async function runVerify({ folder, onProgress, signal }: Run): Promise<string> {
  const manifest = await verifyBackup(folder, onProgress, signal)
  return `The backup in ${folder} is whole: ${summaryOf(manifest)}, as they were at ${manifest.takenAt}, by Gleaner ${manifest.gleaner}${manifest.hasMasterKey ? ', with the master key' : ''}.`
}

async function runRestore({ config, folder, flags, log, onProgress, signal }: Run): Promise<string> {
  const startedAt = performance.now()
  const source = toKeySource(config)
  const newMasterKey = flags.has(NEW_KEY) ? await ensureKey(source, config) : undefined
  const order = { ...config, folder, newMasterKey, migrations: MIGRATIONS }
  const manifest = await restore({ ...order, log, onProgress, signal })
  const done = `Restored ${summaryOf(manifest)} in ${since(startedAt)} into ${placeOf(config)}, as they were at ${manifest.takenAt}, and compared each.`
  if (newMasterKey !== undefined)
    return `${done}\nNobody can open the secrets in it any more: store their data again (gleaner secrets update-data), and create webhooks anew. Start Gleaner: ${START_COMMAND}`
  const why = manifest.hasMasterKey ? await placeKeys(join(folder, 'master.key'), config) : undefined
  return [done, ...(why === undefined ? [] : [why]), await adviseOnKeys(manifest.masterKeys, source)].join(
    '\n',
  )
}

async function runMove({ config, log, onProgress, signal }: Run): Promise<string> {
  const startedAt = performance.now()
  const { databaseUrl } = config
  if (databaseUrl === undefined)
    throw usageError('DATABASE_URL is not set: it names the database to move into')
  const { rows, tables } = await move({
    ...config,
    databaseUrl,
    migrations: MIGRATIONS,
    log,
    onProgress,
    signal,
  })
  return `Moved ${countOf(rows, 'row')} of ${countOf(tables, 'table')} in ${since(startedAt)} into ${placeOf(config)}, and compared each.
Start Gleaner with the same DATABASE_URL, the same data folder and the same master key from now on.
The embedded database stays as it was in ${join(config.dataDir, 'postgres')}: remove it when you need it no more.`
}

// A package has no scripts of npm: there it is the program of the server that does these.
function commandOf(name: string, script = name): string {
  return IS_PACKAGED ? `gleaner-server ${name}` : `npm run ${script} --`
}

function placeOf({ databaseUrl, dataDir }: Config): string {
  return databaseUrl === undefined ? `the embedded database in ${dataDir}` : 'the database of DATABASE_URL'
}

function summaryOf({ tables }: Manifest): string {
  const rows = tables.reduce((sum, table) => sum + table.rows, 0)
  const megabytes = tables.reduce((sum, table) => sum + table.fileBytes, 0) / 1_000_000
  return `${countOf(rows, 'row')} of ${countOf(tables.length, 'table')} (${megabytes < 10 ? megabytes.toFixed(1) : Math.round(megabytes)} MB)`
}

function since(startedAt: number): string {
  return duration(performance.now() - startedAt)
}

function describe(commands: readonly Command[]): string {
  const each = commands.map(({ usage, about }) => `Usage: ${usage}\n  ${about}`)
  return [...each, `Options of the server: ${START_WITH_OPTIONS} --help`].join('\n\n')
}

function usageError(message: string): GleanerError {
  return new GleanerError('invalid', 'ERROR_CONFIGURATION', `nothing was done: ${message}`)
}

function interruptedBy(signal: string): GleanerError {
  return new GleanerError('canceled', 'ERROR_CANCELED', `ended by ${signal}. What was half done was removed`)
}

// A known error explains itself; of an unknown one the stack is what helps.
function report(thrown: unknown, name: string): number {
  const error = toError(thrown)
  const isKnown = error instanceof GleanerError
  process.stderr.write(
    `${name} failed: ${isKnown ? `${error.code}: ${error.message}` : (error.stack ?? error.message)}\n`,
  )
  if (!isKnown) return EXIT_FAILURE
  if (error.code === 'ERROR_CANCELED') return EXIT_INTERRUPTED
  return error.code === 'ERROR_CONFIGURATION' ? EXIT_USAGE : EXIT_FAILURE
}
