import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { example, type Run } from '../command-line.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { jsonObject } from '../json-option.ts'
import { addNoun, addReads } from '../nouns.ts'
import { renderFacts } from '../output/facts.ts'
import { prettyJson, renderJson } from '../output/json.ts'
import { absoluteTime } from '../output/time.ts'
import { writeDone, writeId } from '../output/write-done.ts'
import { field, type Listing, writeList } from '../output/write-list.ts'
import { objectOf, textOf } from '../shapes.ts'
import { addRename } from './rename.ts'

const PATH = '/identity/v1/service-account'

type CreateOptions = {
  readonly provider: string
  readonly data: Readonly<Record<string, unknown>>
  readonly project?: string
}

export function addServiceAccounts(program: Command, run: Run): void {
  const accounts = addNoun(program, 'service-accounts', 'service-account')
    .description('List, show, create, rename and delete accounts at providers, which secrets belong to.')
    .addHelpText('after', example('gleaner service-accounts', CREATE_EXAMPLE))
  addReads(accounts, run, {
    named: 'id of the service account',
    lists: 'List the service accounts of the domain.',
    list: listAccounts,
    shows: 'Show one service account.',
    show: showAccount,
  })
  accounts
    .command('create')
    .description('Create a service account, and print its id.')
    .argument('<name>', 'name for people')
    .requiredOption('--provider <name>', 'provider that the account is at')
    .requiredOption('--data <json>', 'what identifies the account there, as a JSON object', jsonObject)
    .option('--project <id>', 'project that it belongs to')
    .addHelpText('after', example(CREATE_EXAMPLE))
    .action((name: string, options: CreateOptions, command: Command) =>
      run(command, (ctx) => createAccount(ctx, name, options)),
    )
  addRename(accounts, run, { path: PATH, key: 'service_account_id', named: 'id of the service account' })
  accounts
    .command('delete')
    .description('Delete a service account that no secret and no collector uses.')
    .argument('<id>', 'id of the service account')
    .action((id: string, _options: unknown, command: Command) =>
      run(command, (ctx) => deleteAccount(ctx, id)),
    )
}

const CREATE_EXAMPLE = `gleaner service-accounts create Production --provider acme --data '{"account_id": "40017"}'`

async function listAccounts(ctx: CliContext): Promise<ExitCode> {
  const answer = await ctx.client.post('/identity/v1/service-accounts/list', { domain_id: ctx.domainId })
  return writeList(ctx, answer, ACCOUNTS)
}

const ACCOUNTS: Listing = {
  noun: 'service account',
  columns: [
    { heading: 'ID', isWhole: true, of: field('service_account_id') },
    { heading: 'NAME', of: field('name') },
    { heading: 'PROVIDER', of: field('provider') },
    { heading: 'PROJECT', of: projectOf },
  ],
}

async function showAccount(ctx: CliContext, id: string): Promise<ExitCode> {
  const { client, domainId, isJson, out, paint } = ctx
  const request = { domain_id: domainId, service_account_id: id }
  const { value, text } = await client.post(`${PATH}/get`, request)
  if (isJson) {
    out.write(renderJson(text))
    return EXIT.success
  }
  const facts = [
    ['Service account', textOf(value, 'service_account_id')],
    ['Name', textOf(value, 'name')],
    ['Provider', textOf(value, 'provider')],
    ['Project', projectOf(value)],
    ['Created', absoluteTime(textOf(value, 'created_at'), ctx.now())],
  ] as const
  out.write(renderFacts(facts, paint))
  for (const name of ['data', 'tags']) {
    const document = objectOf(value, name)
    if (Object.keys(document).length > 0) out.write(`\n${paint('bold', name)}\n${prettyJson(document)}`)
  }
  return EXIT.success
}

async function createAccount(
  ctx: CliContext,
  name: string,
  { provider, data, project = '' }: CreateOptions,
): Promise<ExitCode> {
  const request = { domain_id: ctx.domainId, name, provider, data, project_id: project }
  return writeId(ctx, await ctx.client.post(`${PATH}/create`, request), 'service_account_id')
}

async function deleteAccount(ctx: CliContext, id: string): Promise<ExitCode> {
  const request = { domain_id: ctx.domainId, service_account_id: id }
  return writeDone(ctx, await ctx.client.post(`${PATH}/delete`, request), `Deleted ${id}.`)
}

function projectOf(account: Parameters<typeof textOf>[0]): string {
  return textOf(objectOf(account, 'project_info'), 'project_id')
}
