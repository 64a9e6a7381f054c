import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import type { Answer, JsonObject } from '../client.ts'
import { example, type Run } from '../command-line.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { findCollector } from '../find-collector.ts'
import { escapeText } from '../output/escape.ts'
import { renderJson } from '../output/json.ts'
import { toCollector } from '../shapes.ts'
import { type CollectorFields, toRequestFields, withCollectorFields } from './collector-fields.ts'

/** Adds `create`, `update` and the like below the `collectors` command. */
export function addCollectorChanges(collectors: Command, run: Run): void {
  const create = collectors
    .command('create')
    .description('Create a collector. Its plugin is started once, to say what it is.')
    .argument('<name>', 'name for people')
    .requiredOption('--plugin <id>', 'plugin to run; `gleaner plugins` shows them')
    .option('--project <id>', 'keep it to this project and its secrets')
    .addHelpText('after', example("gleaner collectors create 'This machine' --plugin plugin-host"))
  withCollectorFields(create).action((name: string, options: CreateOptions, command: Command) =>
    run(command, (ctx) => createCollector(ctx, name, options)),
  )
  const update = collectors
    .command('update')
    .description('Change a collector; what is not named stays.')
    .argument('<id-or-name>', 'id of the collector, or its name')
    .option('--name <name>', 'new name')
    .addHelpText('after', example(`gleaner collectors update 'This machine' --options '{"packages": false}'`))
  withCollectorFields(update).action((idOrName: string, options: UpdateOptions, command: Command) =>
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
type UpdateOptions = CollectorFields & { readonly name?: string }

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
  return tell(
    ctx,
    answer,
    `Created ${id} on ${pluginId} ${pluginVersion}. Run it with: gleaner collect ${id}`,
  )
}

async function updateCollector(ctx: CliContext, idOrName: string, options: UpdateOptions): Promise<ExitCode> {
  const { collector } = await findCollector(ctx, idOrName)
  const name: JsonObject = options.name === undefined ? {} : { name: options.name }
  const answer = await ctx.client.post('/inventory/v1/collector/update', {
    domain_id: ctx.domainId,
    collector_id: collector.id,
    ...name,
    ...toRequestFields(options),
  })
  return tell(ctx, answer, `Changed ${collector.id}.`)
}

async function changeCollector(
  ctx: CliContext,
  idOrName: string,
  { verb, done }: { readonly verb: keyof typeof PATHS; readonly done: string },
): Promise<ExitCode> {
  const { collector } = await findCollector(ctx, idOrName)
  const answer = await ctx.client.post(PATHS[verb], { domain_id: ctx.domainId, collector_id: collector.id })
  return tell(ctx, answer, `${done} ${collector.name} (${collector.id}).`)
}

function tell({ isJson, out }: CliContext, answer: Answer, text: string): ExitCode {
  out.write(isJson ? renderJson(answer.text) : `${escapeText(text)}\n`)
  return EXIT.success
}
