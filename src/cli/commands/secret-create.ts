import type { Command } from 'commander'
import { cleanUpAfter } from '../clean-up.ts'
import type { CliContext } from '../cli-context.ts'
import type { Answer } from '../client.ts'
import { example, type Run } from '../command-line.ts'
import { EXIT, type ExitCode, UsageError } from '../failures.ts'
import { escapeText } from '../output/escape.ts'
import { writeDone } from '../output/write-done.ts'
import { DATA_FILE, readSecretData } from '../read-secret-data.ts'
import { textOf } from '../shapes.ts'

type CreateOptions = {
  readonly dataFile: string
  readonly schema?: string
  readonly provider?: string
  readonly serviceAccount?: string
  readonly project?: string
}

/** Adds `create` below the `secrets` command. */
export function addSecretCreate(secrets: Command, run: Run): void {
  secrets
    .command('create')
    .argument('<name>', 'name for people')
    .description(
      'Store a secret. Its data are read from a file: command lines can be read by everybody on a machine.',
    )
    .requiredOption(...DATA_FILE)
    .option('--provider <name>', 'provider it is for; a service account of the same name is created there')
    .option('--service-account <id>', 'account that it belongs to, and whose provider it takes')
    .option('--schema <name>', 'what form the data have; without it every plugin may use them')
    .option('--project <id>', 'project of what is collected with it')
    .addHelpText(
      'after',
      example('gleaner secrets create Production --provider aws --data-file - < key.json'),
    )
    .action((name: string, options: CreateOptions, command: Command) =>
      run(command, (ctx) => createSecret(ctx, name, options)),
    )
}

async function createSecret(ctx: CliContext, name: string, options: CreateOptions): Promise<ExitCode> {
  const { dataFile, provider, serviceAccount } = options
  if (provider !== undefined && serviceAccount !== undefined)
    throw new UsageError('a secret has the provider of its --service-account. Leave --provider out')
  const data = await readSecretData(dataFile)
  const answer =
    provider === undefined
      ? await store(ctx, { name, data, options, serviceAccountId: serviceAccount ?? '' })
      : await storeWithAccount(ctx, { name, data, options, provider })
  const id = textOf(answer.value, 'secret_id')
  writeDone(ctx, answer, `Stored as ${id}.`)
  describeUse(ctx, { id, provider: textOf(answer.value, 'provider') })
  return EXIT.success
}

type Storing = { readonly name: string; readonly data: unknown; readonly options: CreateOptions }

function store(
  { client, domainId }: CliContext,
  { name, data, options, serviceAccountId }: Storing & { readonly serviceAccountId: string },
): Promise<Answer> {
  const { schema = '', project = '' } = options
  return client.post('/secret/v1/secret/create', {
    domain_id: domainId,
    name,
    data,
    schema,
    service_account_id: serviceAccountId,
    project_id: project,
  })
}

/**
 * A secret has its provider from a service account, so there has to be one. It is not left behind when the
 * secret is refused.
 */
async function storeWithAccount(
  ctx: CliContext,
  { provider, ...storing }: Storing & { readonly provider: string },
): Promise<Answer> {
  const { client, domainId } = ctx
  const path = '/identity/v1/service-account'
  const project = storing.options.project ?? ''
  const request = { domain_id: domainId, name: storing.name, provider, data: {}, project_id: project }
  const serviceAccountId = textOf((await client.post(`${path}/create`, request)).value, 'service_account_id')
  return store(ctx, { ...storing, serviceAccountId }).catch((thrown: unknown) =>
    cleanUpAfter(thrown, ctx, {
      path: `${path}/delete`,
      request: { domain_id: domainId, service_account_id: serviceAccountId },
      made: `service account ${serviceAccountId}`,
    }),
  )
}

/** Collectors select secrets by provider, so one without a provider is easily missed by all of them. */
function describeUse(
  { isJson, notices, paintNotices }: CliContext,
  { id, provider }: { readonly id: string; readonly provider: string },
): void {
  if (isJson) return
  const how =
    provider === ''
      ? `It has no provider: collectors use it only with --secret ${id}`
      : `Use it with: gleaner collectors create NAME --plugin PLUGIN --provider ${provider}`
  notices.write(`${paintNotices('dim', escapeText(how))}\n`)
}
