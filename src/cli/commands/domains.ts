import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { example, type Run } from '../command-line.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { addNoun } from '../nouns.ts'
import { countOf } from '../output/count.ts'
import { renderJson } from '../output/json.ts'
import { type Column, renderTable } from '../output/table.ts'
import { relativeTime } from '../output/time.ts'
import { listOf, numberOf, textOf } from '../shapes.ts'

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

async function printId(
  { client, isJson, out }: CliContext,
  path: string,
  request: object,
): Promise<ExitCode> {
  const answer = await client.post(path, { ...request })
  out.write(isJson ? renderJson(answer.text) : `${textOf(answer.value, 'domain_id')}\n`)
  return EXIT.success
}

async function listDomains({ client, isJson, out, paint, now }: CliContext): Promise<ExitCode> {
  const answer = await client.post('/gleaner/v1/domain/list', {})
  if (isJson) {
    out.write(renderJson(answer.text))
    return EXIT.success
  }
  const rows = listOf(answer.value, 'results').map((domain) => [
    textOf(domain, 'domain_id'),
    textOf(domain, 'name'),
    relativeTime(textOf(domain, 'created_at'), now()),
  ])
  if (rows.length > 0) out.write(renderTable(COLUMNS, rows, { width: out.size()?.columns, paint }))
  const total = numberOf(answer.value, 'total_count')
  out.write(paint('dim', `Showing ${rows.length} of ${countOf(total, 'domain')}.\n`))
  return EXIT.success
}

const COLUMNS: readonly Column[] = [
  { heading: 'ID', isWhole: true },
  { heading: 'NAME' },
  { heading: 'CREATED' },
]
