import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { example, type Run } from '../command-line.ts'
import { EXIT, type ExitCode, UsageError } from '../failures.ts'
import { COLLECTOR_ID, findCollector } from '../find-collector.ts'
import { type Kind, parseKind } from '../kind-option.ts'
import { countOf } from '../output/count.ts'
import { renderJson } from '../output/json.ts'

type RetireOptions = {
  readonly secret?: string
  readonly kind?: Kind
  readonly account?: string
  readonly region?: string
  readonly unknown?: boolean
  readonly keep?: boolean
  readonly delete?: boolean
}

export function addRetire(program: Command, run: Run): void {
  program
    .command('retire')
    .description('Decide what becomes of what a collector has reported, when nobody will look again.')
    .argument('<id-or-name>', 'id of the collector, also of a deleted one, or its name')
    .option('--secret <id>', 'only what was seen with this secret')
    .option('--kind <kind>', 'only this kind: provider/group/type; with --delete', parseKind)
    .option('--account <account>', 'only what is in this account; with --delete')
    .option('--region <region>', 'only what is in this region; with --delete')
    .option('--unknown', 'only what no run can miss since the inputs changed; with --delete')
    .option('--keep', 'it stays in the inventory, and the ledger says that nobody looks any more')
    .option('--delete', 'it becomes DELETED, except for what another collector still reports')
    .addHelpText(
      'after',
      example(
        "gleaner retire 'Old account' --delete",
        "gleaner retire 'All regions' --region us-1 --unknown --delete",
        'gleaner retire collector-0123456789ab --secret secret-0123456789ab --keep',
      ),
    )
    .action((idOrName: string, options: RetireOptions, command: Command) => {
      if (options.keep === options.delete) throw new UsageError('say one of --keep and --delete')
      return run(command, (ctx) => retire(ctx, idOrName, options))
    })
}

async function retire(ctx: CliContext, idOrName: string, options: RetireOptions): Promise<ExitCode> {
  const { client, domainId, isJson, out } = ctx
  const answer = await client.post('/gleaner/v1/coverage/retire', {
    domain_id: domainId,
    collector_id: await findReporter(ctx, idOrName),
    ...(options.secret === undefined ? {} : { secret_id: options.secret }),
    ...options.kind,
    ...(options.account === undefined ? {} : { account: options.account }),
    ...(options.region === undefined ? {} : { region_code: options.region }),
    ...(options.unknown === undefined ? {} : { presence: 'unknown' }),
    claims: options.delete === true ? 'delete' : 'keep',
  })
  if (isJson) out.write(renderJson(answer.text))
  else if (options.keep === true) out.write('Retired. What it reported stays.\n')
  else out.write(`Retired. Deleted ${countOf(Number(answer.value.deleted_count ?? 0), 'resource')}.\n`)
  return EXIT.success
}

/** An id is taken at its word: a collector that was deleted can only be named by it. */
async function findReporter(ctx: CliContext, idOrName: string): Promise<string> {
  if (COLLECTOR_ID.test(idOrName)) return idOrName
  return (await findCollector(ctx, idOrName)).collector.id
}
