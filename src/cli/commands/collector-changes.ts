import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import type { JsonObject } from '../client.ts'
import { example, type Run } from '../command-line.ts'
import { EXIT, type ExitCode, UsageError } from '../failures.ts'
import { findCollector } from '../find-collector.ts'
import { escapeText } from '../output/escape.ts'
import { joinJson } from '../output/json.ts'
import { writeDone } from '../output/write-done.ts'
import { numberOf, toCollector } from '../shapes.ts'
import { type CollectorFields, toRequestFields, withCollectorFields } from './collector-fields.ts'
import { changeSettings, type SettingOptions, toSettings, withSettings } from './collector-settings.ts'

/** Adds `create`, `update` and the like below the `collectors` command. */
export function addCollectorChanges(collectors: Command, run: Run): void {
  const create = collectors
    .command('create')
    .description('Create a collector. Its plugin is started once, to say what it is.')
    .argument('<name>', 'name for people')
    .requiredOption('--plugin <id>', 'plugin to run; `gleaner plugins` shows them')
    .option('--project <id>', 'keep it to this project and its secrets')
    .addHelpText(
      'after',
      example(
        "gleaner collectors create 'This machine' --plugin plugin-host",
        'gleaner collectors create AWS --plugin plugin-aws --provider aws',
      ),
    )
  withCollectorFields(create).action((name: string, options: CreateOptions, command: Command) =>
    run(command, (ctx) => createCollector(ctx, name, options)),
  )
  const update = collectors
    .command('update')
    .description('Change a collector; what is not named stays.')
    .argument('<id-or-name>', 'id of the collector, or its name')
    .option('--name <name>', 'new name')
    .addHelpText(
      'after',
      example(
        `gleaner collectors update 'This machine' --options '{"sources": ["server", "disk"]}'`,
        "gleaner collectors update 'Shop account' --overlap skip --parallel-tasks 4",
      ),
    )
  withSettings(withCollectorFields(update)).action(
    (idOrName: string, options: UpdateOptions, command: Command) =>
      run(command, (ctx) => updateCollector(ctx, idOrName, options)),
  )
  for (const [verb, description, done] of VERBS) {
    collectors
      .command(verb)
      .description(description)
      .argument('<id-or-name>', 'id of the collector, or its name')
      .action((idOrName: string, _options: unknown, command: Command) =>
        run(command, (ctx) => changeCollector(ctx, idOrName, { verb, done })),
      )
  }
}

type CreateOptions = CollectorFields & { readonly plugin: string; readonly project?: string }
type UpdateOptions = CollectorFields & SettingOptions & { readonly name?: string }

const VERBS = [
  ['enable', 'Let a collector start jobs again.', 'Enabled'],
  ['disable', 'Keep a collector from starting jobs. What runs goes on.', 'Disabled'],
  ['delete', 'Delete a collector. What it has collected stays.', 'Deleted'],
  ['verify', 'Let the plugin check every secret that the collector uses.', 'All secrets pass, of'],
] as const

const PATHS = {
  enable: '/inventory/v1/collector/enable',
  disable: '/inventory/v1/collector/disable',
  delete: '/inventory/v1/collector/delete',
  verify: '/inventory/v1/collector/verify-plugin',
} as const

async function createCollector(ctx: CliContext, name: string, options: CreateOptions): Promise<ExitCode> {
  const answer = await ctx.client.post('/inventory/v1/collector/create', {
    domain_id: ctx.domainId,
    name,
    ...(options.project === undefined ? {} : { project_id: options.project }),
    ...toRequestFields(options, options.plugin),
  })
  const { id, pluginId, pluginVersion } = toCollector(answer.value)
  writeDone(ctx, answer, `Created ${id} on ${pluginId} ${pluginVersion}. Run it with: gleaner collect ${id}`)
  if (options.provider !== undefined) await warnOfNoSecret(ctx, options.provider)
  return EXIT.success
}

/**
 * A collector that selects by provider runs for each of its secrets; without one it would fail, and not say
 * how one is stored.
 */
async function warnOfNoSecret(ctx: CliContext, provider: string): Promise<void> {
  const query = { count_only: true }
  const request = { domain_id: ctx.domainId, provider, query }
  const { value } = await ctx.client.post('/secret/v1/secret/list', request)
  if (numberOf(value, 'total_count') > 0) return
  const command = `gleaner secrets create NAME --provider ${provider} --data-file FILE`
  ctx.notices.write(
    ctx.paintNotices('yellow', escapeText(`There is no secret of provider ${provider} yet: ${command}`)),
  )
  ctx.notices.write('\n')
}

async function updateCollector(ctx: CliContext, idOrName: string, options: UpdateOptions): Promise<ExitCode> {
  const { name } = options
  const changes: JsonObject = { ...(name === undefined ? {} : { name }), ...toRequestFields(options) }
  const settings = toSettings(options)
  const [isMore, isSettings] = [changes, settings].map((fields) => Object.keys(fields).length > 0)
  if (!isMore && !isSettings) throw new UsageError('nothing to change is given')
  const { collector } = await findCollector(ctx, idOrName)
  const { id } = collector
  const done = `Changed ${id}.`
  const update = () =>
    ctx.client.post('/inventory/v1/collector/update', {
      domain_id: ctx.domainId,
      collector_id: id,
      ...changes,
    })
  if (!isSettings) return writeDone(ctx, await update(), done)
  if (!isMore) return writeDone(ctx, await changeSettings(ctx, id, settings), done)
  const changed = await update()
  const set = await changeSettings(ctx, id, settings).catch((thrown: unknown) => {
    const [these, those] = [changes, settings].map((fields) => Object.keys(fields).join(', '))
    ctx.notices.write(`${escapeText(`Changed of ${id}: ${these}. Not changed: ${those}.`)}\n`)
    throw thrown
  })
  return writeDone(ctx, { text: joinJson({ collector: changed.text, settings: set.text }) }, done)
}

async function changeCollector(
  ctx: CliContext,
  idOrName: string,
  { verb, done }: { readonly verb: keyof typeof PATHS; readonly done: string },
): Promise<ExitCode> {
  const { collector } = await findCollector(ctx, idOrName)
  const answer = await ctx.client.post(PATHS[verb], { domain_id: ctx.domainId, collector_id: collector.id })
  return writeDone(ctx, answer, `${done} ${collector.name} (${collector.id}).`)
}
