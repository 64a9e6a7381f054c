import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { example, type Run } from '../command-line.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { addNoun } from '../nouns.ts'
import { countOf } from '../output/count.ts'
import { renderJson } from '../output/json.ts'
import { type Column, renderTable } from '../output/table.ts'
import { relativeTime } from '../output/time.ts'
import { listOf, numberOf, textOf } from '../shapes.ts'
import { addSecretChanges } from './secret-changes.ts'

export function addSecrets(program: Command, run: Run): void {
  const secrets = addNoun(program, 'secrets', 'secret')
    .description('List, store and remove secrets, see who opened them, and replace their keys.')
    .addHelpText('after', example('gleaner secrets', 'gleaner secrets opened', 'gleaner secrets rotate'))
  secrets
    .command('list', { isDefault: true })
    .description('List the secrets of the domain, without their data.')
    .action((_options: unknown, command: Command) => run(command, listSecrets))
  addSecretChanges(secrets, run)
  secrets
    .command('opened')
    .description('List who opened which secret, newest first.')
    .option('--since <time>', 'only since this time: 2026-01-31, or 2026-01-31T12:00:00Z')
    .action(({ since }: { since?: string }, command: Command) =>
      run(command, (ctx) => listOpened(ctx, since)),
    )
  secrets
    .command('rotate')
    .description('Replace the master key of all secrets of all domains, while the server serves.')
    .option('--data-keys', 'also replace the key that each secret has of its own')
    .action(({ dataKeys = false }: { dataKeys?: boolean }, command: Command) =>
      run(command, (ctx) => rotate(ctx, dataKeys)),
    )
}

async function listSecrets({ client, domainId, isJson, out, paint }: CliContext): Promise<ExitCode> {
  const answer = await client.post('/secret/v1/secret/list', { domain_id: domainId })
  if (isJson) {
    out.write(renderJson(answer.text))
    return EXIT.success
  }
  const rows = listOf(answer.value, 'results').map((secret) =>
    ['secret_id', 'name', 'schema', 'provider', 'project_id'].map((field) => textOf(secret, field)),
  )
  if (rows.length > 0) out.write(renderTable(SECRETS, rows, { width: out.size()?.columns, paint }))
  const total = numberOf(answer.value, 'total_count')
  out.write(paint('dim', `Showing ${rows.length} of ${countOf(total, 'secret')}.\n`))
  return EXIT.success
}

async function listOpened(ctx: CliContext, since: string | undefined): Promise<ExitCode> {
  const { client, domainId, isJson, out, paint, now } = ctx
  const filter = since === undefined ? [] : [{ k: 'opened_at', v: since, o: 'datetime_gte' }]
  const answer = await client.post('/gleaner/v1/secret-opening/list', {
    domain_id: domainId,
    query: { filter },
  })
  if (isJson) {
    out.write(renderJson(answer.text))
    return EXIT.success
  }
  const rows = listOf(answer.value, 'results').map((opening) => [
    relativeTime(textOf(opening, 'opened_at'), now()),
    textOf(opening, 'secret_id'),
    textOf(opening, 'collector_id'),
    textOf(opening, 'job_task_id') || textOf(opening, 'request_id'),
  ])
  if (rows.length > 0) out.write(renderTable(OPENINGS, rows, { width: out.size()?.columns, paint }))
  const total = numberOf(answer.value, 'total_count')
  out.write(paint('dim', `Showing ${rows.length} of ${countOf(total, 'opening')}.\n`))
  return EXIT.success
}

/** Each call works for some seconds; an interrupted rotation is gone on with by the next one. */
async function rotate({ client, isJson, out, notices }: CliContext, dataKeys: boolean): Promise<ExitCode> {
  for (;;) {
    const { value, text } = await client.post('/gleaner/v1/secret-key/rotate', { with_data_keys: dataKeys })
    const done = `${textOf(value, 'rewrapped_count')} wrapped anew, ${textOf(value, 'resealed_count')} sealed anew`
    if (value.is_finished !== true) {
      notices.write(`${done} …\n`)
      continue
    }
    const unreadable = Number(textOf(value, 'unreadable_count'))
    const state = `Secrets are under master key version ${numberOf(value, 'master_version')}: ${done}.\n`
    out.write(isJson ? renderJson(text) : state)
    if (unreadable === 0) return EXIT.success
    notices.write(`${unreadable} could not be opened; the server's log names them.\n`)
    return EXIT.incomplete
  }
}

const SECRETS: readonly Column[] = [
  { heading: 'ID', isWhole: true },
  { heading: 'NAME' },
  { heading: 'SCHEMA' },
  { heading: 'PROVIDER' },
  { heading: 'PROJECT' },
]

const OPENINGS: readonly Column[] = [
  { heading: 'OPENED', isWhole: true },
  { heading: 'SECRET', isWhole: true },
  { heading: 'COLLECTOR' },
  { heading: 'FOR' },
]
