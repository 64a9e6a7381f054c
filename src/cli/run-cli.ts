import { Command, CommanderError } from 'commander'
import { type Clock, systemClock } from '../core/clock.ts'
import type { CliContext, Output } from './cli-context.ts'
import { createClient } from './client.ts'
import type { Run } from './command-line.ts'
import { addAudit } from './commands/audit.ts'
import { addBlame } from './commands/blame.ts'
import { addCollect } from './commands/collect.ts'
import { addCollectors } from './commands/collectors.ts'
import { addCoverage } from './commands/coverage.ts'
import { addDiff } from './commands/diff.ts'
import { addDomains } from './commands/domains.ts'
import { addEvents } from './commands/events.ts'
import { addHistory } from './commands/history.ts'
import { addHolds } from './commands/holds.ts'
import { addJobs } from './commands/jobs.ts'
import { addKeys } from './commands/keys.ts'
import { addPlan } from './commands/plan.ts'
import { addPlugins } from './commands/plugins.ts'
import { addProjects } from './commands/projects.ts'
import { addResources } from './commands/resources.ts'
import { addRetire } from './commands/retire.ts'
import { addRules } from './commands/rules.ts'
import { addSchedules } from './commands/schedules.ts'
import { addSearch } from './commands/search.ts'
import { addSecretGroups } from './commands/secret-groups.ts'
import { addSecrets } from './commands/secrets.ts'
import { addServiceAccounts } from './commands/service-accounts.ts'
import { addSettings } from './commands/settings.ts'
import { addStat } from './commands/stat.ts'
import { addStatus } from './commands/status.ts'
import { addUndo } from './commands/undo.ts'
import { addWebhooks } from './commands/webhooks.ts'
import { describeFailure, EXIT, type ExitCode, UsageError } from './failures.ts'
import { HELP, pathOf } from './help.ts'
import { escapeLines } from './output/escape.ts'
import { createPaint } from './output/paint.ts'
import { readApiKey } from './read-api-key.ts'

type CliInput = {
  /** What follows the program's name. */
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string | undefined>>
  readonly out: Output
  readonly notices: Output
  /** Version of this program, for `--version`. */
  readonly version: string
  readonly signal: AbortSignal
  readonly now?: Clock
  readonly patienceMs?: number
}

const DEFAULT_URL = 'http://127.0.0.1:8080'
const DEFAULT_DOMAIN = 'domain-000000000001'
const DEFAULT_PATIENCE_MS = 30_000

/**
 * Runs one command line from its words to its exit code. Never throws; whatever fails is told on `notices`.
 */
export async function runCli(input: CliInput): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.success
  const program = createProgram(input, async (command, action) => {
    exitCode = await action(createContext(input, command.optsWithGlobals<GlobalOptions>()))
  })
  try {
    await program.parseAsync(input.args, { from: 'user' })
    return exitCode
  } catch (thrown) {
    if (input.signal.aborted) return EXIT.interrupted
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.success : EXIT.usage
    const isColored = wantsColor(input, input.notices, program.opts<GlobalOptions>())
    const prefix = createPaint(isColored)('red', 'error:')
    input.notices.write(`${prefix} ${escapeLines(describeFailure(thrown))}\n`)
    return thrown instanceof UsageError ? EXIT.usage : EXIT.failure
  }
}

type GlobalOptions = {
  readonly url?: string
  readonly domain?: string
  readonly apiKeyFile?: string
  readonly json?: boolean
  readonly color?: boolean
}

function createProgram(input: CliInput, run: Run): Command {
  const program = new Command('gleaner')
    .description('Look at the inventory of a Gleaner server, and collect into it.')
    .version(input.version, '--version', 'print the version of this program')
    .option('--url <url>', `address of the server (GLEANER_URL, default ${DEFAULT_URL})`)
    .option(
      '--domain <id>',
      `domain to work in (GLEANER_DOMAIN, default the API key's, without one ${DEFAULT_DOMAIN})`,
    )
    .option('--api-key-file <file>', 'file that holds the API key (or the key itself in GLEANER_API_KEY)')
    .option('--json', "print the API's JSON, one document, and nothing else")
    .option('--no-color', 'print without colours (NO_COLOR)')
    .helpOption('-h, --help', 'explain a command')
    .helpCommand('help [command]', 'explain a command')
    .configureHelp(HELP)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => input.out.write(text),
      writeErr: (text) => input.notices.write(escapeLines(text)),
      getOutHelpWidth: () => input.out.size()?.columns ?? 100,
      getErrHelpWidth: () => input.notices.size()?.columns ?? 100,
    })
    .addHelpText('after', EXIT_CODES)
  const adders = [
    addStatus,
    addCollectors,
    addCollect,
    addPlan,
    addRules,
    addJobs,
    addEvents,
    addWebhooks,
    addSchedules,
    addSearch,
    addResources,
    addStat,
    addSecrets,
    addSecretGroups,
    addProjects,
    addServiceAccounts,
    addCoverage,
    addHistory,
    addDiff,
    addBlame,
    addHolds,
    addUndo,
    addRetire,
    addPlugins,
    addKeys,
    addAudit,
    addDomains,
    addSettings,
  ]
  for (const add of adders) add(program, run)
  nameHelp(program)
  return program
}

/** Who has mistyped a command is led to its own help, and not to the list of all commands. */
function nameHelp(command: Command): void {
  command.showHelpAfterError(`(see ${pathOf(command)} --help)`)
  for (const below of command.commands) nameHelp(below)
}

const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 the command line cannot be used, 4 what was asked for is there but incomplete,
130 interrupted.

Examples:
  $ gleaner status
  $ gleaner collect 'This machine' --watch
  $ gleaner search 'type:package nginx'
  $ gleaner coverage
  $ gleaner resources --json | jq .total_count
`

function createContext(input: CliInput, options: GlobalOptions): CliContext {
  const { env, out, notices, signal } = input
  const apiKey = readApiKey({ file: options.apiKeyFile, variable: env.GLEANER_API_KEY })
  // A key of a domain says by itself which one it is.
  const defaultDomain = apiKey === '' ? DEFAULT_DOMAIN : ''
  return {
    client: createClient({
      url: options.url ?? (env.GLEANER_URL || DEFAULT_URL),
      token: apiKey,
      signal,
    }),
    domainId: options.domain ?? (env.GLEANER_DOMAIN || defaultDomain),
    isJson: options.json ?? false,
    out,
    notices,
    paint: createPaint(wantsColor(input, out, options)),
    paintNotices: createPaint(wantsColor(input, notices, options)),
    now: input.now ?? systemClock,
    signal,
    patienceMs: input.patienceMs ?? DEFAULT_PATIENCE_MS,
  }
}

function wantsColor({ env }: CliInput, output: Output, { color = true }: GlobalOptions): boolean {
  return color && output.size() !== undefined && !env.NO_COLOR && env.TERM !== 'dumb'
}
