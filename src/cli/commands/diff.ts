import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { example, oneOf, type Run, wholeNumber } from '../command-line.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { renderDiff } from '../output/diff-table.ts'
import { renderJson } from '../output/json.ts'
import { INSTANT, toInstant } from '../when.ts'
import { toText } from './search.ts'

type DiffOptions = {
  readonly from: string
  readonly to?: string
  readonly what?: string
  readonly limit: number
  readonly page: number
}

export function addDiff(program: Command, run: Run): void {
  program
    .command('diff')
    .description('Show what two instants of the inventory differ in.')
    .argument('[text...]', 'only of these, as for gleaner search; it must hold at one of the two')
    .requiredOption('--from <when>', `the earlier instant: ${INSTANT}`)
    .option('--to <when>', 'the later one (default: now)')
    .option(
      '--what <difference>',
      'only what was created, updated or deleted',
      oneOf(['CREATED', 'UPDATED', 'DELETED']),
    )
    .option('--limit <n>', 'how many at most', wholeNumber(1, 1000), 50)
    .option('--page <n>', 'which page of that size, counted from 1', wholeNumber(1, 1_000_000), 1)
    .addHelpText(
      'after',
      example(
        'gleaner diff --from 7d',
        "gleaner diff 'type:instance region:eu-1' --from 2026-11-01 --to 2026-11-08",
        'gleaner diff --from now/d --what deleted',
      ),
    )
    .action((words: readonly string[], options: DiffOptions, command: Command) =>
      run(command, (ctx) => showDiff(ctx, words, options)),
    )
}

async function showDiff(ctx: CliContext, words: readonly string[], options: DiffOptions): Promise<ExitCode> {
  const { client, domainId, isJson, out, paint } = ctx
  const { limit, page } = options
  const answer = await client.post('/gleaner/v1/history/diff', {
    domain_id: domainId,
    from: toInstant(options.from),
    to: toInstant(options.to ?? ''),
    difference: (options.what ?? '').toLowerCase(),
    text: toText(words),
    query: { page: { start: (page - 1) * limit + 1, limit } },
  })
  if (isJson) out.write(renderJson(answer.text))
  else out.write(renderDiff(answer.value, { width: out.size()?.columns, paint }, options))
  return EXIT.success
}
