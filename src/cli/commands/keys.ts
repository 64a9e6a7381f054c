import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { example, gather, oneOf, type Run } from '../command-line.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { addNoun } from '../nouns.ts'
import { renderJson } from '../output/json.ts'
import { styleOfStatus } from '../output/paint.ts'
import { relativeTime } from '../output/time.ts'
import { field, type Listing, writeList } from '../output/write-list.ts'
import { objectOf, textOf } from '../shapes.ts'

type Whose = { readonly system?: true }
type CreateOptions = Whose & {
  readonly role?: string
  readonly project?: readonly string[]
  readonly expires?: string
}

const SYSTEM = ['--system', 'keys of the system administrator, which belong to no domain'] as const

export function addKeys(program: Command, run: Run): void {
  const keys = addNoun(program, 'keys', 'key')
    .description('Make and take back API keys. The first one closes the server for everybody without a key.')
    .addHelpText(
      'after',
      example(
        'gleaner keys create root --system',
        'gleaner keys create ci --role viewer',
        'gleaner keys list',
      ),
    )
  keys
    .command('create <name>')
    .description('Create a key, and print it this once.')
    .option(...SYSTEM)
    .option(
      '--role <role>',
      'what it may do: viewer, operator or admin',
      oneOf(['VIEWER', 'OPERATOR', 'ADMIN']),
    )
    .option('--project <id>', 'bind it to this project; can be given several times', gather)
    .option('--expires <time>', 'until when it works, ISO 8601')
    .action((name: string, options: CreateOptions, command: Command) =>
      run(command, (ctx) => createKey(ctx, name, options)),
    )
  keys
    .command('list', { isDefault: true })
    .description('List the keys, without what they say.')
    .option(...SYSTEM)
    .action((options: Whose, command: Command) => run(command, (ctx) => listKeys(ctx, options)))
  for (const [verb, does] of VERBS) {
    keys
      .command(`${verb} <id>`)
      .description(does)
      .option(...SYSTEM)
      .action((id: string, options: Whose, command: Command) =>
        run(command, (ctx) => changeKey(ctx, { verb, id, options })),
      )
  }
}

const VERBS = [
  ['enable', 'Let a key be used again.'],
  ['disable', 'Stop a key from being used, everywhere within seconds.'],
  ['delete', 'Remove a key, everywhere within seconds.'],
] as const

/** A key of the system administrator says so, because the CLI works in some domain otherwise. */
function whose({ domainId }: CliContext, { system }: Whose): { readonly domain_id?: string } {
  return system ? {} : { domain_id: domainId }
}

async function createKey(ctx: CliContext, name: string, options: CreateOptions): Promise<ExitCode> {
  const { client, isJson, out, notices, paintNotices } = ctx
  const answer = await client.post('/gleaner/v1/api-key/create', {
    ...whose(ctx, options),
    name,
    ...(options.role === undefined ? {} : { role: options.role }),
    ...(options.project === undefined ? {} : { projects: options.project }),
    ...(options.expires === undefined ? {} : { expires_at: options.expires }),
  })
  out.write(isJson ? renderJson(answer.text) : `${textOf(answer.value, 'api_key')}\n`)
  const info = objectOf(answer.value, 'info')
  const owner = textOf(info, 'domain_id') || 'the system administrator'
  notices.write(
    paintNotices(
      'dim',
      `This is ${textOf(info, 'api_key_id')} of ${owner}. It is shown this once; put it into GLEANER_API_KEY or a file for --api-key-file.\n`,
    ),
  )
  return EXIT.success
}

async function listKeys(ctx: CliContext, options: Whose): Promise<ExitCode> {
  return writeList(ctx, await ctx.client.post('/gleaner/v1/api-key/list', whose(ctx, options)), KEYS)
}

const KEYS: Listing = {
  noun: 'key',
  columns: [
    { heading: 'ID', isWhole: true, of: field('api_key_id') },
    { heading: 'NAME', of: field('name') },
    { heading: 'ROLE', isWhole: true, of: field('role') },
    { heading: 'STATE', isWhole: true, style: styleOfStatus, of: field('state') },
    { heading: 'ENDS', isWhole: true, of: (row) => `…${textOf(row, 'hint')}` },
    { heading: 'EXPIRES', of: (row) => textOf(row, 'expires_at') || 'never' },
    { heading: 'LAST USED', of: (row, now) => relativeTime(textOf(row, 'last_used_at'), now) },
  ],
}

async function changeKey(
  ctx: CliContext,
  { verb, id, options }: { readonly verb: string; readonly id: string; readonly options: Whose },
): Promise<ExitCode> {
  const answer = await ctx.client.post(`/gleaner/v1/api-key/${verb}`, {
    ...whose(ctx, options),
    api_key_id: id,
  })
  if (ctx.isJson) ctx.out.write(renderJson(answer.text))
  else ctx.notices.write(ctx.paintNotices('dim', `${id}: ${verb}d.\n`))
  return EXIT.success
}
