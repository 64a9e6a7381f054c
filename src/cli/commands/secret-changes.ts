import { readFile } from 'node:fs/promises'
import { text as readAll } from 'node:stream/consumers'
import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { example, type Run } from '../command-line.ts'
import { EXIT, type ExitCode, UsageError } from '../failures.ts'
import { renderJson } from '../output/json.ts'
import { textOf } from '../shapes.ts'

type CreateOptions = {
  readonly dataFile: string
  readonly schema?: string
  readonly serviceAccount?: string
  readonly project?: string
}

/** Adds `create` and `delete` below the `secrets` command. */
export function addSecretChanges(secrets: Command, run: Run): void {
  secrets
    .command('create')
    .argument('<name>', 'name for people')
    .description(
      'Store a secret. Its data are read from a file: command lines can be read by everybody on a machine.',
    )
    .requiredOption('--data-file <path>', 'file with the data as a JSON object; - for standard input')
    .option('--schema <name>', 'what form the data have')
    .option('--service-account <id>', 'account that they belong to')
    .option('--project <id>', 'project of what is collected with them')
    .addHelpText(
      'after',
      example('gleaner secrets create Production --schema aws_access_key --data-file - < key.json'),
    )
    .action((name: string, options: CreateOptions, command: Command) =>
      run(command, (ctx) => createSecret(ctx, name, options)),
    )
  secrets
    .command('delete')
    .argument('<id>', 'id of the secret')
    .description('Remove a secret and its data.')
    .action((id: string, _options: unknown, command: Command) => run(command, (ctx) => deleteSecret(ctx, id)))
}

async function createSecret(
  { client, domainId, isJson, out }: CliContext,
  name: string,
  { dataFile, schema = '', serviceAccount = '', project = '' }: CreateOptions,
): Promise<ExitCode> {
  const { text, value } = await client.post('/secret/v1/secret/create', {
    name,
    data: await readData(dataFile),
    schema,
    service_account_id: serviceAccount,
    project_id: project,
    domain_id: domainId,
  })
  out.write(isJson ? renderJson(text) : `Stored as ${textOf(value, 'secret_id')}.\n`)
  return EXIT.success
}

async function deleteSecret({ client, domainId, isJson, out }: CliContext, id: string): Promise<ExitCode> {
  const { text } = await client.post('/secret/v1/secret/delete', { secret_id: id, domain_id: domainId })
  out.write(isJson ? renderJson(text) : `Deleted ${id}.\n`)
  return EXIT.success
}

function refuse(path: string, error: unknown): never {
  const code = error instanceof Error && 'code' in error ? ` (${error.code})` : ''
  throw new UsageError(`the file '${path}' cannot be read${code}`)
}

// What is in the file is not repeated, whatever is wrong with it.
async function readData(path: string): Promise<unknown> {
  const text =
    path === '-'
      ? await readAll(process.stdin)
      : await readFile(path, 'utf8').catch((error: unknown) => refuse(path, error))
  try {
    return JSON.parse(text)
  } catch {
    throw new UsageError(`${path === '-' ? 'standard input' : `the file '${path}'`} holds no JSON`)
  }
}
