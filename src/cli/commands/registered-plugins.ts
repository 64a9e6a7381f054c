import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import type { JsonObject } from '../client.ts'
import { example, type Run } from '../command-line.ts'
import type { ExitCode } from '../failures.ts'
import { words } from '../json-option.ts'
import { styleOfStatus } from '../output/paint.ts'
import { writeDone } from '../output/write-done.ts'
import { field, writeList } from '../output/write-list.ts'
import { healthOf, readProcesses } from '../read-plugin-processes.ts'
import { numberOf, textOf, textsOf } from '../shapes.ts'
import { type LogOptions, showLog, showPlugin } from './plugin-show.ts'

/** Adds the commands about the plugins that a server knows below `plugins`. */
export function addRegisteredPlugins(plugin: Command, run: Run): void {
  plugin
    .command('list', { isDefault: true })
    .description('List the plugins of the domain, those that come with the server included.')
    .action((_options: unknown, command: Command) => run(command, listPlugins))
  plugin
    .command('show')
    .description('Show the versions of a plugin, its processes and how they are.')
    .argument('<id>', 'id of the plugin')
    .action((id: string, _options: unknown, command: Command) => run(command, (ctx) => showPlugin(ctx, id)))
  plugin
    .command('logs')
    .description('Show the last words of the processes of a plugin.')
    .argument('<id>', 'id of the plugin')
    .option('--shared', 'of one that comes with the server; takes a key of the system administrator')
    .action((id: string, options: LogOptions, command: Command) =>
      run(command, (ctx) => showLog(ctx, id, options)),
    )
  plugin
    .command('register')
    .description('Register a plugin. It is started when a collector is created on it.')
    .argument('<name>', 'name for people')
    .requiredOption('--image <locator>', 'where the program is, such as grpc://HOST:PORT')
    .option('--provider <name>', 'provider of what it collects')
    .option('--versions <list>', 'versions there are, parted by commas', words)
    .option('--schemas <list>', 'schemas of secrets it takes, parted by commas', words)
    .option('--project <id>', 'keep it to private collectors of this project')
    .addHelpText('after', example(REGISTER_EXAMPLE))
    .action((name: string, options: RegisterOptions, command: Command) =>
      run(command, (ctx) => registerPlugin(ctx, name, options)),
    )
  plugin
    .command('add-version')
    .description('Say that there is a further version. Collectors in upgrade mode AUTO take over the newest.')
    .argument('<id>', 'id of the plugin')
    .argument('<version>', 'the version')
    .action((id: string, version: string, _options: unknown, command: Command) =>
      run(command, (ctx) => addVersion(ctx, id, version)),
    )
  plugin
    .command('refresh')
    .description("Have the registry of a plugin's image list its versions now.")
    .argument('<id>', 'id of the plugin')
    .action((id: string, _options: unknown, command: Command) => run(command, (ctx) => refresh(ctx, id)))
  for (const [verb, description, done] of VERBS) {
    plugin
      .command(verb)
      .description(description)
      .argument('<id>', 'id of the plugin')
      .action((id: string, _options: unknown, command: Command) =>
        run(command, async (ctx) => {
          const request = { domain_id: ctx.domainId, plugin_id: id }
          return writeDone(
            ctx,
            await ctx.client.post(`/repository/v1/plugin/${verb}`, request),
            `${done} ${id}.`,
          )
        }),
      )
  }
}

const REGISTER_EXAMPLE =
  'gleaner plugins register Acme --image grpc://plugins.example.org:50051 --provider acme'

const VERBS = [
  ['enable', 'Let collectors run a plugin again.', 'Enabled'],
  ['disable', 'Keep collectors from running a plugin. What runs goes on.', 'Disabled'],
  ['deregister', 'Remove a plugin that no collector runs.', 'Deregistered'],
] as const

type RegisterOptions = {
  readonly image: string
  readonly provider?: string
  readonly versions?: readonly string[]
  readonly schemas?: readonly string[]
  readonly project?: string
}

async function registerPlugin(ctx: CliContext, name: string, options: RegisterOptions): Promise<ExitCode> {
  const { image, provider = '', versions, schemas, project = '' } = options
  const request: JsonObject = {
    domain_id: ctx.domainId,
    name,
    image,
    provider,
    project_id: project,
    service_type: 'inventory.Collector',
    ...(versions === undefined ? {} : { registry_config: { versions } }),
    ...(schemas === undefined ? {} : { capability: { supported_schema: schemas } }),
  }
  const answer = await ctx.client.post('/repository/v1/plugin/register', request)
  const id = textOf(answer.value, 'plugin_id')
  return writeDone(
    ctx,
    answer,
    `Registered ${id}. Use it with: gleaner collectors create NAME --plugin ${id}`,
  )
}

async function addVersion(ctx: CliContext, pluginId: string, version: string): Promise<ExitCode> {
  const request = { domain_id: ctx.domainId, plugin_id: pluginId, version }
  const answer = await ctx.client.post('/gleaner/v1/plugin-version/add', request)
  return writeDone(ctx, answer, `${pluginId} has version ${version} now.`)
}

async function refresh(ctx: CliContext, pluginId: string): Promise<ExitCode> {
  const request = { domain_id: ctx.domainId, plugin_id: pluginId }
  const answer = await ctx.client.post('/gleaner/v1/plugin-version/refresh', request)
  const [added, removed] = ['added_count', 'removed_count'].map((field) => numberOf(answer.value, field))
  const newest = textsOf(answer.value, 'versions')[0] ?? 'none'
  return writeDone(ctx, answer, `${pluginId}: ${added} new, ${removed} gone, the newest is ${newest}.`)
}

async function listPlugins(ctx: CliContext): Promise<ExitCode> {
  const { client, domainId, isJson } = ctx
  const answer = await client.post('/repository/v1/plugin/list', { domain_id: domainId })
  const processes = isJson ? [] : await readProcesses(client, domainId, '')
  return writeList(ctx, answer, {
    noun: 'plugin',
    columns: [
      { heading: 'ID', isWhole: true, of: field('plugin_id') },
      { heading: 'NAME', of: field('name') },
      { heading: 'STATE', isWhole: true, style: styleOfStatus, of: field('state') },
      {
        heading: 'PROCESS',
        isWhole: true,
        style: styleOfStatus,
        of: (row) => healthOf(processes.filter(({ pluginId }) => pluginId === textOf(row, 'plugin_id'))),
      },
      { heading: 'PROVIDER', of: field('provider') },
      { heading: 'IMAGE', of: field('image') },
    ],
  })
}
