import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { example, type Run } from '../command-line.ts'
import type { ExitCode } from '../failures.ts'
import { type Shown, wantedPart, writeResources } from '../output/found-resources.ts'
import {
  assertOneWay,
  type ResourceChoice,
  toChosenQuery,
  toConditions,
  toEqualities,
  withResourceChoice,
} from '../resource-choice.ts'
import { addResourceShow } from './resource-show.ts'
import { exportAll, listPast, searchResources, showOptions } from './search.ts'

type ResourcesOptions = Shown & ResourceChoice

export function addResources(program: Command, run: Run): void {
  const command = program
    .command('resources')
    .description('List what was collected, or show one resource.')
    .argument('[text...]', 'a search text instead of options, as for gleaner search')
  showOptions(withResourceChoice(command))
    .addHelpText(
      'after',
      example(
        "gleaner resources 'type:package nginx'",
        'gleaner resources --group Software --keyword nginx',
        'gleaner resources show cloud-svc-0123456789ab',
        'gleaner resources --all --format jsonl > inventory.jsonl',
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
  assertOneWay(words, options)
  if (words.length > 0) return searchResources(ctx, words, options)
  if (options.all) return exportAll(ctx, options, { text: '', query: toChosenQuery(options) })
  if (options.asOf !== undefined)
    return listPast(ctx, options, { query: { ...toChosenQuery(options), ...wantedPart(ctx, options) } })
  const answer = await ctx.client.ask('/inventory/v1/cloud-service/list', {
    domain_id: ctx.domainId,
    ...toEqualities(options),
    query: { ...toConditions(options), ...wantedPart(ctx, options) },
  })
  return writeResources(ctx, answer, options)
}
