import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { example, type Run, wholeNumber } from '../command-line.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { countOf } from '../output/count.ts'
import { escapeText } from '../output/escape.ts'
import { renderJson } from '../output/json.ts'
import { relativeTime } from '../output/time.ts'
import { field, type Listing, writeList } from '../output/write-list.ts'
import { listOf, numberOf, textOf, textsOf } from '../shapes.ts'

type Whose = { readonly system?: true }
type ListOptions = Whose & {
  readonly id?: string
  readonly key?: string
  readonly method?: string
  readonly since?: string
  readonly limit?: number
}
type VerifyOptions = Whose & { readonly head?: string }

const SYSTEM = [
  '--system',
  'what belongs to no domain, and what was done in domains that are deleted',
] as const

export function addAudit(program: Command, run: Run): void {
  const audit = program
    .command('audit')
    .description('Tell who changed what, and whether that was tampered with.')
    .addHelpText(
      'after',
      example('gleaner audit list --id collector-0123456789ab', 'gleaner audit verify --head 4f1c…'),
    )
  audit
    .command('list', { isDefault: true })
    .description('List the calls that changed something, newest first.')
    .option(...SYSTEM)
    .option('--id <id>', 'only calls that named or made the thing with this id')
    .option('--key <id>', 'only calls with this API key')
    .option('--method <name>', 'only calls of this method, by its full name')
    .option('--since <time>', 'only since this time: 2026-01-31, or 2026-01-31T12:00:00Z')
    .option('--limit <count>', 'at most so many', wholeNumber(1, 1_000), 50)
    .action((options: ListOptions, command: Command) => run(command, (ctx) => listAudit(ctx, options)))
  audit
    .command('verify')
    .description(
      'Recompute the chain of hashes. Ends with 1 when something in it was changed, removed or added.',
    )
    .option(...SYSTEM)
    .option('--head <hash>', 'an end of the chain that was kept elsewhere, and must still be in it')
    .action((options: VerifyOptions, command: Command) => run(command, (ctx) => verifyAudit(ctx, options)))
}

/** The chain above domains says so, because the CLI works in some domain otherwise. */
function whose({ domainId }: CliContext, { system }: Whose): { readonly domain_id?: string } {
  return system ? {} : { domain_id: domainId }
}

async function listAudit(ctx: CliContext, options: ListOptions): Promise<ExitCode> {
  const { client } = ctx
  const { id = '', key = '', method = '', since, limit } = options
  const filter = since === undefined ? [] : [{ k: 'recorded_at', v: since, o: 'datetime_gte' }]
  const answer = await client.post('/gleaner/v1/audit/list', {
    ...whose(ctx, options),
    id,
    api_key_id: key,
    method,
    query: { filter, page: { limit } },
  })
  return writeList(ctx, answer, CALLS)
}

const CALLS: Listing = {
  noun: 'call',
  columns: [
    { heading: 'ROW', align: 'right', isWhole: true, of: field('seq') },
    { heading: 'WHEN', isWhole: true, of: (row, now) => relativeTime(textOf(row, 'recorded_at'), now) },
    {
      heading: 'WHO',
      isWhole: true,
      of: (row) => textOf(row, 'api_key_id') || textOf(row, 'role').toLowerCase(),
    },
    { heading: 'DID', isWhole: true, of: (row) => textOf(row, 'method').split('.').slice(-2).join('.') },
    { heading: 'WITH', of: (row) => textsOf(row, 'ids').join(' ') },
  ],
}

async function verifyAudit(ctx: CliContext, options: VerifyOptions): Promise<ExitCode> {
  const { client, isJson, out, paint } = ctx
  const { head = '' } = options
  const { value, text } = await client.post('/gleaner/v1/audit/verify', { ...whose(ctx, options), head })
  const isValid = value.valid === true
  if (isJson) out.write(renderJson(text))
  else out.write(isValid ? renderWhole(value) : paint('red', renderBroken(value)))
  return isValid ? EXIT.success : EXIT.failure
}

type Verification = Parameters<typeof textOf>[0]

function renderWhole(verification: Verification): string {
  const count = countOf(numberOf(verification, 'record_count'), 'row')
  return `The chain is whole: ${count}, ending in\n${textOf(verification, 'head')}\n`
}

function renderBroken(verification: Verification): string {
  const breaks = listOf(verification, 'breaks').map(
    (each) => `row ${textOf(each, 'seq')}: ${escapeText(textOf(each, 'problem'))}\n`,
  )
  const more = numberOf(verification, 'break_count') - breaks.length
  const cut = verification.holds_head === true ? '' : CUT
  return `The chain is broken.\n${breaks.join('')}${more > 0 ? `and ${more} more\n` : ''}${cut}`
}

const CUT =
  'the end that was kept is not in it: rows were taken from its end, it was written anew, or it is the end of another chain\n'
