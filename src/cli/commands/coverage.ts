import type { Command } from 'commander'
import { type CellOptions, cellsOf } from '../cell-options.ts'
import type { CliContext } from '../cli-context.ts'
import { example, oneOf, type Run } from '../command-line.ts'
import { EXIT, type ExitCode, UsageError } from '../failures.ts'
import { type Kind, parseKind } from '../kind-option.ts'
import { renderCoverage } from '../output/coverage-table.ts'
import { renderHolders } from '../output/holders-table.ts'
import { renderJson } from '../output/json.ts'
import { IGNORE_ACCEPTANCES, isKnown } from '../output/write-coverage.ts'
import { listOf } from '../shapes.ts'
import { addAcceptances } from './acceptances.ts'

type CoverageOptions = CellOptions & {
  readonly state?: string
  readonly gaps?: string
  readonly maxAge?: string
  readonly ignoreAcceptances?: boolean
}
type ShowOptions = CoverageOptions & { readonly keptBy?: string }

export function addCoverage(program: Command, run: Run): void {
  const coverage = program
    .command('coverage')
    .description('Show how complete the inventory is: kind by kind, account by account, region by region.')
    .option('--collector <id-or-name>', 'only what this collector sees; also one that was deleted, by its id')
    .option('--account <account>', 'only this account')
    .option('--region <region>', 'only this region')
    .option('--state <state>', 'only cells in this state', oneOf(STATES))
    .option('--gaps <which>', 'only gaps that are accepted, or those that are unaccepted', oneOf(GAPS))
    .option(
      '--max-age <age>',
      'older evidence makes a cell stale: 36h, 3d, never; default as the domain is set',
    )
    .option(...IGNORE_ACCEPTANCES)
    .addHelpText(
      'after',
      example('gleaner coverage', 'gleaner coverage --gaps unaccepted', 'gleaner coverage --max-age 36h'),
    )
    .action((options: CoverageOptions, command: Command) => run(command, (ctx) => showCoverage(ctx, options)))
  coverage
    .command('show')
    .description('Show the resources of cells, and which collectors keep each of them alive.')
    .argument('[kind]', 'only this kind: provider/group/type', parseKind)
    .option(
      '--kept-by <whom>',
      'others: what is not seen any more and stays; self: what nobody else keeps',
      oneOf(KEPT_BY),
    )
    .addHelpText(
      'after',
      example(
        'gleaner coverage show acme/Store/Bucket --region eu-1',
        "gleaner coverage show --collector 'This machine' --kept-by others",
      ),
    )
    .action((kind: Kind | undefined, _: object, command: Command) =>
      run(command, (ctx) => showHolders(ctx, kind, command.optsWithGlobals())),
    )
  addAcceptances(coverage, run)
}

const GAPS = ['ACCEPTED', 'UNACCEPTED']
const STATES = ['COMPLETE', 'STALE', 'PARTIAL', 'UNKNOWN', 'HELD']
const KEPT_BY = ['SELF', 'OTHERS']

async function showCoverage(
  ctx: CliContext,
  { state, gaps, maxAge, ignoreAcceptances, ...options }: CoverageOptions,
): Promise<ExitCode> {
  const { client, isJson, out, paint } = ctx
  const answer = await client.post('/gleaner/v1/coverage/list', {
    ...(await cellsOf(ctx, options)),
    ...(state === undefined ? {} : { state: state.toLowerCase() }),
    ...(gaps === undefined ? {} : { gaps: gaps.toLowerCase() }),
    ...(maxAge === undefined ? {} : { max_age: maxAge }),
  })
  if (isJson) out.write(renderJson(answer.text))
  else out.write(renderCoverage(answer.value, { width: out.size()?.columns, paint }, ctx.now()))
  const isEmpty = listOf(answer.value, 'results').length === 0
  const isChosen = state !== undefined || gaps !== undefined
  return isKnown(answer.value, { ignoreAcceptances }) || (isEmpty && isChosen)
    ? EXIT.success
    : EXIT.incomplete
}

async function showHolders(ctx: CliContext, kind: Kind | undefined, options: ShowOptions): Promise<ExitCode> {
  const ofCells = { '--state': options.state, '--gaps': options.gaps, '--max-age': options.maxAge }
  const wrong = Object.entries(ofCells).find(([, value]) => value !== undefined)
  if (wrong !== undefined)
    throw new UsageError(`${wrong[0]} is about cells, and this shows resources. Leave it out`)
  const { client, isJson, out, paint } = ctx
  const answer = await client.post('/gleaner/v1/coverage/list-resources', {
    ...(await cellsOf(ctx, options)),
    ...kind,
    ...(options.keptBy === undefined ? {} : { kept_by: options.keptBy.toLowerCase() }),
  })
  if (isJson) out.write(renderJson(answer.text))
  else out.write(renderHolders(answer.value, { width: out.size()?.columns, paint }, ctx.now()))
  return EXIT.success
}
