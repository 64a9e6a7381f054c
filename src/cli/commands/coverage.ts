import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { example, oneOf, type Run } from '../command-line.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { findCollector } from '../find-collector.ts'
import { renderCoverage } from '../output/coverage-table.ts'
import { renderJson } from '../output/json.ts'
import { listOf } from '../shapes.ts'

type CoverageOptions = { readonly collector?: string; readonly state?: string }

export function addCoverage(program: Command, run: Run): void {
  program
    .command('coverage')
    .description('Show how complete the inventory is: kind by kind, account by account, region by region.')
    .option('--collector <id-or-name>', 'only what this collector sees')
    .option('--state <state>', 'only cells in this state', oneOf(STATES))
    .addHelpText('after', example('gleaner coverage', 'gleaner coverage --state held', 'gleaner holds list'))
    .action((options: CoverageOptions, command: Command) => run(command, (ctx) => showCoverage(ctx, options)))
}

const STATES = ['COMPLETE', 'PARTIAL', 'UNKNOWN', 'HELD']

async function showCoverage(ctx: CliContext, { collector, state }: CoverageOptions): Promise<ExitCode> {
  const { client, domainId, isJson, out, paint } = ctx
  const collectorId = collector === undefined ? undefined : (await findCollector(ctx, collector)).collector.id
  const answer = await client.post('/gleaner/v1/coverage/list', {
    domain_id: domainId,
    ...(collectorId === undefined ? {} : { collector_id: collectorId }),
    ...(state === undefined ? {} : { state: state.toLowerCase() }),
  })
  if (isJson) out.write(renderJson(answer.text))
  else out.write(renderCoverage(answer.value, { width: out.size()?.columns, paint }, ctx.now()))
  const isEmpty = listOf(answer.value, 'results').length === 0
  return answer.value.complete === true || (isEmpty && state !== undefined) ? EXIT.success : EXIT.incomplete
}
