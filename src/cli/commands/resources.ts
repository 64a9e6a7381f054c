import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { example, gather, type Run } from '../command-line.ts'
import { type ExitCode, UsageError } from '../failures.ts'
import { type Shown, wantedPart, writeResources } from '../output/found-resources.ts'
import { parseCondition } from '../resource-filter.ts'
import { addResourceShow } from './resource-show.ts'
import { listPast, searchResources, showOptions } from './search.ts'

type ResourcesOptions = Shown & {
  readonly provider?: string
  readonly group?: string
  readonly type?: string
  readonly region?: string
  readonly account?: string
  readonly keyword?: string
  readonly filter?: readonly string[]
}

export function addResources(program: Command, run: Run): void {
  const command = program
    .command('resources')
    .description('List what was collected, or show one resource.')
    .argument('[text...]', 'a search text instead of options, as for gleaner search')
    .option('--provider <name>', 'only of this provider')
    .option('--group <name>', 'only of this group of kinds')
    .option('--type <name>', 'only of this kind')
    .option('--region <code>', 'only in this region')
    .option('--account <id>', 'only of this account')
    .option('--keyword <words>', 'only where each of these words occurs')
    .option('--filter <condition>', 'key=value, key!=value, key~=text or key:=json; may be repeated', gather)
  showOptions(command)
    .addHelpText(
      'after',
      example(
        "gleaner resources 'type:package nginx'",
        'gleaner resources --group Software --keyword nginx',
        'gleaner resources show cloud-svc-0123456789ab',
        'gleaner resources --filter data.type=ext4 --only name,data.device,data.size_gib',
      ),
    )
    .action((words: readonly string[], options: ResourcesOptions, command: Command) =>
      run(command, (ctx) => listResources(ctx, words, options)),
    )
  addResourceShow(program, command, run)
}

async function listResources(
  ctx: CliContext,
  words: readonly string[],
  options: ResourcesOptions,
): Promise<ExitCode> {
  if (words.length === 0 && options.asOf !== undefined)
    return listPast(ctx, options, { query: toPastQuery(ctx, options) })
  if (words.length === 0) {
    const answer = await ctx.client.ask('/inventory/v1/cloud-service/list', toRequest(ctx, options))
    return writeResources(ctx, answer, options)
  }
  const used = SELECTING.find((name) => options[name] !== undefined)
  if (used === undefined) return searchResources(ctx, words, options)
  throw new UsageError(`--${used} does not go together with a search text; write the condition in the text`)
}

// Equalities beside the query are those of the present alone.
function toPastQuery(ctx: CliContext, options: ResourcesOptions) {
  const { query, domain_id: _, ...equals } = toRequest(ctx, options)
  const filter = Object.entries(equals).map(([key, value]) => ({ key, operator: 'eq', value }))
  return { ...query, filter: [...query.filter, ...filter] }
}

function toRequest(ctx: CliContext, options: ResourcesOptions) {
  const selectors = {
    provider: options.provider,
    cloud_service_group: options.group,
    cloud_service_type: options.type,
    region_code: options.region,
    account: options.account,
  }
  return {
    domain_id: ctx.domainId,
    ...Object.fromEntries(Object.entries(selectors).filter(([, value]) => value !== undefined)),
    query: {
      filter: (options.filter ?? []).map(parseCondition),
      ...(options.keyword === undefined ? {} : { keyword: options.keyword }),
      ...wantedPart(ctx, options),
    },
  }
}

const SELECTING = ['provider', 'group', 'type', 'region', 'account', 'keyword', 'filter'] as const
