import { type Command, Option } from 'commander'
import type { CliContext } from '../cli-context.ts'
import type { JsonObject } from '../client.ts'
import { example, oneOf, type Run, wholeNumber } from '../command-line.ts'
import { type Exported, exportResources } from '../export-resources.ts'
import type { ExitCode } from '../failures.ts'
import { words as commaWords } from '../json-option.ts'
import { type Shown, wantedPart, writeResources } from '../output/found-resources.ts'
import { assertPresent, IGNORE_ACCEPTANCES, STRICT } from '../output/write-coverage.ts'
import { INSTANT, toInstant } from '../when.ts'

export function addSearch(program: Command, run: Run): void {
  showOptions(program.command('search'))
    .description('Find resources by what you know of them.')
    .argument('<text...>', 'what must hold, in single quotes: field:value, field~part, !not, words')
    .addHelpText('after', `${LANGUAGE}${example(...EXAMPLES)}`)
    .action((words: readonly string[], shown: Shown, command: Command) =>
      run(command, (ctx) => searchResources(ctx, words, shown)),
    )
}

/** Adds the options that say how much of what is found is shown. */
export function showOptions(command: Command): Command {
  return command
    .option(
      '--columns, --only <fields>',
      'these fields as columns (with --json: in the documents), separated by commas',
      commaWords,
    )
    .option('--as-of <when>', `as it was then: ${INSTANT}`)
    .option('--limit <n>', 'how many at most', wholeNumber(1, 1000), 50)
    .option('--page <n>', 'which page of that size, counted from 1', wholeNumber(1, 1_000_000), 1)
    .option(...STRICT)
    .option(...IGNORE_ACCEPTANCES)
    .addOption(
      new Option('--all', 'all that is found, in the order of ids, all of it as of one instant').conflicts([
        'limit',
        'page',
      ]),
    )
    .addOption(
      new Option('--format <format>', 'of --all, and means it: csv or jsonl; default csv')
        .argParser(oneOf(['CSV', 'JSONL']))
        .implies({ all: true }),
    )
}

/**
 * Lists what a search text means. The server reads the text; what is wrong with it comes back with carets
 * below it.
 */
export async function searchResources(
  ctx: CliContext,
  words: readonly string[],
  shown: Shown,
): Promise<ExitCode> {
  if (shown.all) return exportAll(ctx, shown, { text: toText(words), query: { filter: [] } })
  if (shown.asOf !== undefined)
    return listPast(ctx, shown, { text: toText(words), query: wantedPart(ctx, shown) })
  const request = { domain_id: ctx.domainId, text: toText(words), ...wantedPart(ctx, shown) }
  return writeResources(ctx, await ctx.client.ask('/gleaner/v1/search/resources', request), shown)
}

/** Writes all that is found, as a stream. */
export async function exportAll(
  ctx: CliContext,
  shown: Shown,
  asked: Pick<Exported, 'text' | 'query'>,
): Promise<ExitCode> {
  assertPresent(shown)
  return exportResources(ctx, {
    ...asked,
    format: shown.format ?? 'CSV',
    columns: shown.only,
    asOf: shown.asOf,
    strictness: shown,
  })
}

/** Lists what there was at the instant that is asked for. */
export async function listPast(ctx: CliContext, shown: Shown, asked: JsonObject): Promise<ExitCode> {
  assertPresent(shown)
  const request = { domain_id: ctx.domainId, as_of: toInstant(shown.asOf ?? ''), ...asked }
  return writeResources(ctx, await ctx.client.post('/gleaner/v1/history/list', request), shown)
}

/**
 * The search text of a command line. The shell has taken the quotes: an argument with spaces beside others
 * was one, unless it is a text of terms itself.
 */
export function toText(words: readonly string[]): string {
  if (words.length === 1) return words.join()
  return words.map((word) => (/\s/.test(word) && !/[":=~<>!]/.test(word) ? `"${word}"` : word)).join(' ')
}

const LANGUAGE = `
The text:
  type:instance        in any case, also a part: name, type and group
  region:eu-1,eu-2     exactly one of these: all other fields
  name=web-1           exactly
  name~web             a part, in any case
  data.cores>=8        > >= < <=, also on created, updated and deleted
  tag.team:ops         a tag of any provider; tag.team:* for any value
  kind:Disk/Volume     group and type, as a table shows them
  !state:deleted       not
  web "two words"      words and phrases in name, kind, id or address
Terms stand side by side and all must hold. Single quotes around the whole keep the shell away from ! > and ".
`

const EXAMPLES = [
  "gleaner search 'type:package ssl'",
  "gleaner search 'region:eu-1,eu-2 tag.team=ops !name~test'",
  "gleaner search 'type:filesystem data.size_gib>=100' --only name,data.size_gib",
  "gleaner search 'type:package ssl' --as-of 7d",
  "gleaner search 'type:bucket region:eu-1' --strict --json > buckets.json",
  "gleaner search 'provider:aws' --all --columns name,account,tags.aws.team > aws.csv",
]
