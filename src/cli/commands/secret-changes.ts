import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { example, type Run } from '../command-line.ts'
import type { ExitCode } from '../failures.ts'
import { writeDone } from '../output/write-done.ts'
import { DATA_FILE, readSecretData } from '../read-secret-data.ts'
import { addSecretCreate } from './secret-create.ts'

type DataOptions = { readonly dataFile: string; readonly schema?: string }

/** Adds `create`, `update-data` and `delete` below the `secrets` command. */
export function addSecretChanges(secrets: Command, run: Run): void {
  addSecretCreate(secrets, run)
  secrets
    .command('update-data')
    .argument('<id>', 'id of the secret')
    .description(
      'Replace the data of a secret, as when a key is rotated. Running tasks go on with the old ones.',
    )
    .requiredOption(...DATA_FILE)
    .option('--schema <name>', 'what form the data have from now on; default as before')
    .addHelpText(
      'after',
      example('gleaner secrets update-data secret-0123456789ab --data-file - < new-key.json'),
    )
    .action((id: string, options: DataOptions, command: Command) =>
      run(command, (ctx) => updateData(ctx, id, options)),
    )
  secrets
    .command('delete')
    .argument('<id>', 'id of the secret')
    .description('Remove a secret and its data.')
    .action((id: string, _options: unknown, command: Command) => run(command, (ctx) => deleteSecret(ctx, id)))
}

async function updateData(ctx: CliContext, id: string, options: DataOptions): Promise<ExitCode> {
  const { dataFile, schema } = options
  const answer = await ctx.client.post('/secret/v1/secret/update-data', {
    domain_id: ctx.domainId,
    secret_id: id,
    data: await readSecretData(dataFile),
    ...(schema === undefined ? {} : { schema }),
  })
  return writeDone(ctx, answer, `${id} has new data.`)
}

async function deleteSecret(ctx: CliContext, id: string): Promise<ExitCode> {
  const request = { secret_id: id, domain_id: ctx.domainId }
  return writeDone(ctx, await ctx.client.post('/secret/v1/secret/delete', request), `Deleted ${id}.`)
}
