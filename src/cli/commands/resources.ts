import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { example, gather, type Run, wholeNumber } from '../command-line.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { countOf, formatCount } from '../output/count.ts'
import { renderJson } from '../output/json.ts'
import { RESOURCE_FIELDS, renderFields, renderResources } from '../output/resources-table.ts'
import { parseCondition } from '../resource-filter.ts'
import { listOf, numberOf } from '../shapes.ts'

type ResourcesOptions = {
  readonly provider?: string
  readonly group?: string
  readonly type?: string
  readonly region?: string
  readonly account?: string
  readonly keyword?: string
  readonly filter?: readonly string[]
  readonly only?: string
  readonly limit: number
  readonly page: number
}

export function addResources(program: Command, run: Run): void {
  program
    .command('resources')
    .description('List what was collected.')
    .option('--provider <name>', 'only of this provider')
    .option('--group <name>', 'only of this group of kinds')
    .option('--type <name>', 'only of this kind')
    .option('--region <code>', 'only in this region')
    .option('--account <id>', 'only of this account')
    .option('--keyword <words>', 'only where each of these words occurs')
    .option('--filter <condition>', 'key=value, key!=value, key~=text or key:=json; may be repeated', gather)
    .option('--only <fields>', 'these fields as columns (with --json: in the documents), separated by commas')
    .option('--limit <n>', 'how many at most', wholeNumber(1, 1000), 50)
    .option('--page <n>', 'which page of that size, counted from 1', wholeNumber(1, 1_000_000), 1)
    .addHelpText(
      'after',
      example(
        'gleaner resources --group Software --keyword nginx',
        'gleaner resources --filter data.type=ext4 --only name,data.device,data.size_gib',
      ),
    )
    .action((options: ResourcesOptions, command: Command) =>
      run(command, (ctx) => listResources(ctx, options)),
    )
}

async function listResources(ctx: CliContext, options: ResourcesOptions): Promise<ExitCode> {
  const { client, isJson, out, paint } = ctx
  const fields = options.only?.split(',').map((field) => field.trim())
  const answer = await client.post('/inventory/v1/cloud-service/list', toRequest(ctx, options, fields))
  if (isJson) {
    out.write(renderJson(answer.text))
    return EXIT.success
  }
  const found = listOf(answer.value, 'results')
  const layout = { width: out.size()?.columns, paint }
  out.write(
    fields === undefined ? renderResources(found, layout, ctx.now()) : renderFields(fields, found, layout),
  )
  out.write(paint('dim', `${shownPart(options, found.length, numberOf(answer.value, 'total_count'))}\n`))
  return EXIT.success
}

function toRequest(
  { domainId, isJson }: CliContext,
  options: ResourcesOptions,
  fields: readonly string[] | undefined,
) {
  const selectors = {
    provider: options.provider,
    cloud_service_group: options.group,
    cloud_service_type: options.type,
    region_code: options.region,
    account: options.account,
  }
  const only = fields ?? (isJson ? undefined : RESOURCE_FIELDS)
  const start = (options.page - 1) * options.limit + 1
  return {
    domain_id: domainId,
    ...Object.fromEntries(Object.entries(selectors).filter(([, value]) => value !== undefined)),
    query: {
      filter: (options.filter ?? []).map(parseCondition),
      page: { start, limit: options.limit },
      ...(options.keyword === undefined ? {} : { keyword: options.keyword }),
      ...(only === undefined ? {} : { only }),
    },
  }
}

function shownPart({ page, limit }: ResourcesOptions, shown: number, total: number): string {
  const all = countOf(total, 'resource')
  if (shown === 0 && total > 0) return `Showing none of ${all}: page ${page} is behind the last one.`
  const part = `Showing ${formatCount(shown)} of ${all}`
  return page * limit < total ? `${part}; the next page is --page ${page + 1}.` : `${part}.`
}
