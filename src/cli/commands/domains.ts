import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { example, type Run } from '../command-line.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { addNoun } from '../nouns.ts'
import { renderJson } from '../output/json.ts'
import { relativeTime } from '../output/time.ts'
import { writeId } from '../output/write-done.ts'
import { field, type Listing, writeList } from '../output/write-list.ts'
import { textOf } from '../shapes.ts'

export function addDomains(program: Command, run: Run): void {
  const domains = addNoun(program, 'domains', 'domain')
    .description('Make, name and remove domains, the tenants of the server. For the system administrator.')
    .addHelpText('after', example("gleaner domains create 'Web shop'", 'gleaner domains list'))
  domains
    .command('list', { isDefault: true })
    .description('List all domains.')
    .action((_options: unknown, command: Command) => run(command, listDomains))
  domains
    .command('create <name>')
    .description('Create an empty domain, and print its id.')
    .action((name: string, _options: unknown, command: Command) =>
      run(command, (ctx) => printId(ctx, '/gleaner/v1/domain/create', { name })),
    )
  domains
    .command('rename <id> <name>')
    .description('Give a domain another name.')
    .action((id: string, name: string, _options: unknown, command: Command) =>
      run(command, (ctx) => printId(ctx, '/gleaner/v1/domain/update', { domain_id: id, name })),
    )
  domains
    .command('delete <id>')
    .description('Remove a domain that holds nothing any more.')
    .action((id: string, _options: unknown, command: Command) =>
      run(command, async ({ client, isJson, out, notices, paintNotices }) => {
        const answer = await client.post('/gleaner/v1/domain/delete', { domain_id: id })
        if (isJson) out.write(renderJson(answer.text))
        else notices.write(paintNotices('dim', `${id}: deleted.\n`))
        return EXIT.success
      }),
    )
}

async function printId(ctx: CliContext, path: string, request: object): Promise<ExitCode> {
  return writeId(ctx, await ctx.client.post(path, { ...request }), 'domain_id')
}

async function listDomains(ctx: CliContext): Promise<ExitCode> {
  return writeList(ctx, await ctx.client.post('/gleaner/v1/domain/list', {}), DOMAINS)
}

const DOMAINS: Listing = {
  noun: 'domain',
  columns: [
    { heading: 'ID', isWhole: true, of: field('domain_id') },
    { heading: 'NAME', of: field('name') },
    { heading: 'CREATED', of: (row, now) => relativeTime(textOf(row, 'created_at'), now) },
  ],
}
