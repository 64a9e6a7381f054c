import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import type { Answer } from '../client.ts'
import { example, type Run, wholeNumber } from '../command-line.ts'
import type { ExitCode } from '../failures.ts'
import { words as commaWords } from '../json-option.ts'
import { type ShownRows, writeFigures } from '../output/figures-table.ts'
import { assertPresent, IGNORE_ACCEPTANCES, STRICT } from '../output/write-coverage.ts'
import { assertOneWay, type ResourceChoice, toChosenQuery, withResourceChoice } from '../resource-choice.ts'
import { listOf, textOf } from '../shapes.ts'
import { type Asked, toStages } from '../stat-stages.ts'
import { INSTANT, toInstant } from '../when.ts'
import { toText } from './search.ts'

type StatOptions = ResourceChoice & Asked & ShownRows

export function addStat(program: Command, run: Run): void {
  const command = program
    .command('stat')
    .description('Count resources by what they have in common, and sum what is in them.')
    .argument('[text...]', 'a search text instead of options, as for gleaner search')
    .option('--by <fields>', 'one row for each value of these fields, separated by commas', gatherWords)
    .option(
      '--sum <paths>',
      'sums of these numbers; what is no number, such as a list, is left out',
      gatherWords,
    )
    .option('--average <paths>', 'averages of these numbers', gatherWords)
    .option('--min <paths>', 'the least of these', gatherWords)
    .option('--max <paths>', 'the most of these', gatherWords)
    .option('--as-of <when>', `as it was then: ${INSTANT}`)
    .option('--limit <n>', 'how many rows at most', wholeNumber(1, 1000), 100)
    .option('--page <n>', 'which page of that size, counted from 1', wholeNumber(1, 1_000_000), 1)
    .option(...STRICT)
    .option(...IGNORE_ACCEPTANCES)
  withResourceChoice(command)
    .addHelpText(
      'after',
      `\nFields are dotted paths; tag.team is the tag of any provider. The largest rows come first. A sum\nof nothing is shown as -; --json has the API's 0 there, and beside it the average, which is null.\n${example(...EXAMPLES)}`,
    )
    .action((words: readonly string[], options: StatOptions, of: Command) =>
      run(of, (ctx) => showFigures(ctx, words, options)),
    )
}

const EXAMPLES = [
  'gleaner stat --by provider,region_code',
  'gleaner stat --by tag.team --type Instance --sum data.cores',
  "gleaner stat 'type:filesystem region:eu-1' --by account --sum data.size_gib --as-of 7d",
]

/** Values of an option may be given together or one after the other. */
function gatherWords(text: string, earlier: readonly string[] | undefined): readonly string[] {
  return [...(earlier ?? []), ...commaWords(text)]
}

async function showFigures(
  ctx: CliContext,
  words: readonly string[],
  options: StatOptions,
): Promise<ExitCode> {
  assertOneWay(words, options)
  assertPresent(options)
  const { columns, aggregate } = toStages(options)
  const { limit, page, asOf } = options
  const query = { ...toChosenQuery(options), aggregate, page: { start: (page - 1) * limit + 1, limit } }
  const answer = await ask(ctx, { text: toText(words), query, asOf })
  return writeFigures(ctx, { answer, columns }, options)
}

type Question = {
  readonly text: string
  readonly query: Readonly<Record<string, unknown>>
  readonly asOf: string | undefined
}

/**
 * The past takes a text. Of the present, whose answer tells how complete it is, a search turns it into
 * conditions first.
 */
async function ask(ctx: CliContext, { text, query, asOf }: Question): Promise<Answer> {
  const { client, domainId } = ctx
  if (asOf !== undefined) {
    const request = { domain_id: domainId, as_of: toInstant(asOf), text, query }
    return client.post('/gleaner/v1/history/stat', request)
  }
  const meant = text === '' ? {} : await readMeaning(ctx, text)
  return client.ask('/inventory/v1/cloud-service/stat', {
    domain_id: domainId,
    query: { ...query, ...meant },
  })
}

async function readMeaning({ client, domainId }: CliContext, text: string) {
  const request = { domain_id: domainId, text, page: { limit: 1 }, only: ['cloud_service_id'] }
  const { value } = await client.post('/gleaner/v1/search/resources', request)
  return {
    filter: listOf(value, 'filter'),
    filter_or: listOf(value, 'filter_or'),
    keyword: textOf(value, 'keyword'),
  }
}
