import type { Command } from 'commander'
import { type CellOptions, cellsOf } from '../cell-options.ts'
import type { CliContext } from '../cli-context.ts'
import { example, gather, oneOf, type Run } from '../command-line.ts'
import { type ExitCode, UsageError } from '../failures.ts'
import { type Kind, parseKind } from '../kind-option.ts'
import { ACCEPTANCES } from '../output/acceptances-table.ts'
import { countOf } from '../output/count.ts'
import { writeDone } from '../output/write-done.ts'
import { writeList } from '../output/write-list.ts'
import { numberOf, textOf } from '../shapes.ts'

type AcceptOptions = CellOptions & {
  readonly secret?: string
  readonly class?: readonly string[]
  readonly reason: string
  readonly until?: string
  readonly state?: string
}

/** Adds to `coverage` what is about gaps that somebody accepts. */
export function addAcceptances(coverage: Command, run: Run): void {
  coverage
    .command('accept')
    .description('Accept gaps that are as they should be, so that those stand out that nobody knows of.')
    .argument('[kind]', 'only this kind: provider/group/type', parseKind)
    .requiredOption('--reason <text>', 'why they are as they should be')
    .option('--secret <id>', 'only what is seen with this secret')
    .option('--class <class>', `only gaps by such failures: ${CLASSES}; as often as you like`, gather)
    .option(
      '--until <when>',
      'for how long: a date, a time in ISO 8601, or 90d from now; default until it is ended',
    )
    .addHelpText(
      'after',
      example(
        "gleaner coverage accept --collector AWS --region eu-3 --class denied --reason 'forbidden by policy'",
        "gleaner coverage accept aws/SQS/Queue --collector AWS --until 90d --reason 'waits for a role'",
      ),
    )
    .action((kind: Kind | undefined, _: object, command: Command) =>
      run(command, (ctx) => acceptGaps(ctx, kind, command.optsWithGlobals())),
    )
  coverage
    .command('acceptances')
    .description('List what is accepted, and what it accepts now.')
    .option('--only <state>', 'active, unused, expired or ended; default all but the ended', oneOf(STATES))
    .action((_: object, command: Command) =>
      run(command, (ctx) => listAcceptances(ctx, command.optsWithGlobals())),
    )
  coverage
    .command('end')
    .description('End an acceptance: what it accepted is a gap like any other.')
    .argument('<acceptance-id>', 'its id')
    .action((id: string, _: object, command: Command) => run(command, (ctx) => endAcceptance(ctx, id)))
}

const CLASSES = 'denied, throttled, unsupported, timeout, partial, refused, failed'
const STATES = ['ACTIVE', 'UNUSED', 'EXPIRED', 'ENDED']

async function acceptGaps(
  ctx: CliContext,
  kind: Kind | undefined,
  options: AcceptOptions,
): Promise<ExitCode> {
  if (options.collector === undefined) throw new UsageError('say whose gaps they are with --collector')
  if (options.state !== undefined)
    throw new UsageError(
      '--state chooses what is shown, and gaps are accepted in whatever state. Leave it out',
    )
  const { secret, reason, until } = options
  const answer = await ctx.client.post('/gleaner/v1/coverage/accept', {
    ...(await cellsOf(ctx, options)),
    ...kind,
    ...(secret === undefined ? {} : { secret_id: secret }),
    ...(options.class === undefined ? {} : { classes: options.class.map((each) => each.toLowerCase()) }),
    reason,
    ...(until === undefined ? {} : { until: toLater(until) }),
  })
  const gaps = countOf(numberOf(answer.value, 'gap_count'), 'gap')
  const id = textOf(answer.value, 'acceptance_id')
  return writeDone(ctx, answer, `Accepted, which is ${gaps} now: ${id}`)
}

/** An instant to come: `90d` is ninety days from now. */
function toLater(text: string): string {
  const words = text.trim()
  return /^\d+\s*[smhdw]$/.test(words) ? `now+${words}` : words
}

async function listAcceptances(
  ctx: CliContext,
  options: CellOptions & { readonly only?: string },
): Promise<ExitCode> {
  if (options.account !== undefined || options.region !== undefined)
    throw new UsageError('acceptances are chosen by --collector and --only. Leave --account and --region out')
  const answer = await ctx.client.post('/gleaner/v1/coverage/list-acceptances', {
    ...(await cellsOf(ctx, options)),
    ...(options.only === undefined ? {} : { state: options.only.toLowerCase() }),
  })
  return writeList(ctx, answer, ACCEPTANCES)
}

async function endAcceptance(ctx: CliContext, id: string): Promise<ExitCode> {
  const request = { domain_id: ctx.domainId, acceptance_id: id }
  const answer = await ctx.client.post('/gleaner/v1/coverage/end-acceptance', request)
  return writeDone(ctx, answer, 'Ended. What it accepted is a gap like any other.')
}
