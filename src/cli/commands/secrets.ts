import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { example, type Run } from '../command-line.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { addNoun } from '../nouns.ts'
import { renderJson } from '../output/json.ts'
import { relativeTime } from '../output/time.ts'
import { field, type Listing, writeList } from '../output/write-list.ts'
import { numberOf, textOf } from '../shapes.ts'
import { addRename } from './rename.ts'
import { addSecretChanges } from './secret-changes.ts'

export function addSecrets(program: Command, run: Run): void {
  const secrets = addNoun(program, 'secrets', 'secret')
    .description('List, store, change and remove secrets, see who opened them, and replace their keys.')
    .addHelpText('after', example('gleaner secrets', 'gleaner secrets opened', 'gleaner secrets rotate'))
  secrets
    .command('list', { isDefault: true })
    .description('List the secrets of the domain, without their data.')
    .action((_options: unknown, command: Command) => run(command, listSecrets))
  addSecretChanges(secrets, run)
  addRename(secrets, run, { path: '/secret/v1/secret', key: 'secret_id', named: 'id of the secret' })
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

async function listSecrets(ctx: CliContext): Promise<ExitCode> {
  return writeList(ctx, await ctx.client.post('/secret/v1/secret/list', { domain_id: ctx.domainId }), SECRETS)
}

async function listOpened(ctx: CliContext, since: string | undefined): Promise<ExitCode> {
  const filter = since === undefined ? [] : [{ k: 'opened_at', v: since, o: 'datetime_gte' }]
  const request = { domain_id: ctx.domainId, query: { filter } }
  return writeList(ctx, await ctx.client.post('/gleaner/v1/secret-opening/list', request), OPENINGS)
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

/** How secrets are listed. */
export const SECRETS: Listing = {
  noun: 'secret',
  columns: [
    { heading: 'ID', isWhole: true, of: field('secret_id') },
    { heading: 'NAME', of: field('name') },
    { heading: 'SCHEMA', of: field('schema') },
    { heading: 'PROVIDER', of: field('provider') },
    { heading: 'PROJECT', of: field('project_id') },
  ],
}

const OPENINGS: Listing = {
  noun: 'opening',
  columns: [
    { heading: 'OPENED', isWhole: true, of: (row, now) => relativeTime(textOf(row, 'opened_at'), now) },
    { heading: 'SECRET', isWhole: true, of: field('secret_id') },
    { heading: 'COLLECTOR', of: field('collector_id') },
    { heading: 'FOR', of: (row) => textOf(row, 'job_task_id') || textOf(row, 'request_id') },
  ],
}
