import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { example, type Run } from '../command-line.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { addNoun } from '../nouns.ts'
import { countOf } from '../output/count.ts'
import { renderHolds } from '../output/coverage-table.ts'
import { renderJson } from '../output/json.ts'
import { listOf, numberOf } from '../shapes.ts'

export function addHolds(program: Command, run: Run): void {
  const holds = addNoun(program, 'holds', 'hold')
    .description('Decide about deletions that are kept back because they are too many at once.')
    .addHelpText('after', example('gleaner holds list', 'gleaner holds release hold-0123456789ab'))
  holds
    .command('list', { isDefault: true })
    .description('List what is kept back.')
    .action((_: object, command: Command) => run(command, listHolds))
  holds
    .command('release <hold-id>')
    .description('Delete what a hold keeps back: nobody can see it any more, and that is right.')
    .action((holdId: string, _: object, command: Command) => run(command, (ctx) => releaseHold(ctx, holdId)))
}

async function listHolds({ client, domainId, isJson, out, paint }: CliContext): Promise<ExitCode> {
  const answer = await client.post('/gleaner/v1/coverage/list-holds', { domain_id: domainId })
  if (isJson) out.write(renderJson(answer.text))
  else out.write(renderHolds(answer.value, { width: out.size()?.columns, paint }))
  return listOf(answer.value, 'results').length === 0 ? EXIT.success : EXIT.incomplete
}

async function releaseHold(ctx: CliContext, holdId: string): Promise<ExitCode> {
  const { client, domainId, isJson, out } = ctx
  const request = { domain_id: domainId, hold_id: holdId }
  const answer = await client.post('/gleaner/v1/coverage/release-hold', request)
  const deleted = numberOf(answer.value, 'deleted_count')
  out.write(isJson ? renderJson(answer.text) : `Released. Deleted ${countOf(deleted, 'resource')}.\n`)
  return EXIT.success
}
