import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import type { Answer } from '../client.ts'
import { example, type Run, wholeNumber } from '../command-line.ts'
import { EXIT, type ExitCode, UsageError } from '../failures.ts'
import { countOf } from '../output/count.ts'
import { renderFacts } from '../output/facts.ts'
import { renderJson } from '../output/json.ts'
import { numberOf, textOf } from '../shapes.ts'

const PATH = '/gleaner/v1/domain-settings'

/** What is kept for a number of days: the option's word, the API's field, what it is. */
const KEPT = [
  ['jobs', 'job_days', 'jobs and their tasks, after their end'],
  ['runs', 'run_days', 'what was seen when, once a newer run replaces it'],
  ['events', 'event_days', 'events, for readers who come back'],
  ['history', 'history_days', 'records of what changed'],
  ['openings', 'opening_days', 'who opened which secret'],
  ['deleted', 'deleted_days', 'deleted resources, with all of their history'],
] as const

type SetOptions = Readonly<Record<string, number | undefined>> & { readonly maxAge?: string }

export function addSettings(program: Command, run: Run): void {
  const settings = program
    .command('settings')
    .description('See and change how long a domain keeps what only grows, and how old evidence may be.')
    .addHelpText('after', example('gleaner settings', 'gleaner settings set --jobs 30 --history 400'))
  settings
    .command('show', { isDefault: true })
    .description('Show the settings of the domain.')
    .action((_options: unknown, command: Command) =>
      run(command, async (ctx) =>
        writeSettings(ctx, await ctx.client.post(`${PATH}/get`, { domain_id: ctx.domainId })),
      ),
    )
  const set = settings
    .command('set')
    .description(
      'Change what is given, and leave the rest. What is too old by then is removed soon after, for good.',
    )
    .addHelpText('after', example('gleaner settings set --jobs 30 --history 400'))
    .action((options: SetOptions, command: Command) => run(command, (ctx) => setSettings(ctx, options)))
  for (const [word, , what] of KEPT) {
    set.option(`--${word} <days>`, `days to keep ${what}; 0 is for ever`, wholeNumber(0, 36_500))
  }
  set.option(
    '--max-age <age>',
    'how old evidence may be before a list counts as incomplete: hours or days, as 36h or 3d, never, or auto',
  )
}

async function setSettings(ctx: CliContext, options: SetOptions): Promise<ExitCode> {
  const changes = KEPT.flatMap(([word, key]) => {
    const days = options[word]
    return days === undefined ? [] : [[key, days] as const]
  })
  const { maxAge } = options
  if (changes.length === 0 && maxAge === undefined) throw new UsageError('nothing to change is given')
  const request = {
    domain_id: ctx.domainId,
    ...Object.fromEntries(changes),
    ...(maxAge !== undefined && { max_age: maxAge }),
  }
  return writeSettings(ctx, await ctx.client.post(`${PATH}/update`, request))
}

function writeSettings({ isJson, out, paint }: CliContext, { value, text }: Answer): ExitCode {
  const facts = KEPT.map(
    ([word, key, what]) => [word, `${daysInWords(numberOf(value, key))}: ${what}`] as const,
  )
  const age = ['max-age', `${textOf(value, 'max_age')}: how old evidence may be`] as const
  out.write(
    isJson ? renderJson(text) : renderFacts([['Domain', textOf(value, 'domain_id')], ...facts, age], paint),
  )
  return EXIT.success
}

function daysInWords(days: number): string {
  return days === 0 ? 'for ever' : countOf(days, 'day')
}
