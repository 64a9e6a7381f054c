import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { example, gather, type Run } from '../command-line.ts'
import { EXIT, type ExitCode, UsageError } from '../failures.ts'
import { findCollector } from '../find-collector.ts'
import { renderJson } from '../output/json.ts'
import { writeDone } from '../output/write-done.ts'
import { postIn } from '../post-in.ts'
import { numberOf, textOf } from '../shapes.ts'

type Narrowed = {
  readonly type?: readonly string[]
  readonly collector?: string
  readonly kind?: string
  readonly status?: readonly string[]
}
type UpdateOptions = Narrowed & { readonly name?: string; readonly url?: string }

const post = postIn('/gleaner/v1/webhook')

/** Adds what changes a webhook below the `webhooks` command. */
export function addWebhookChanges(webhooks: Command, run: Run): void {
  narrowing(webhooks.command('create'))
    .description(
      'Post what happens from now on to an address. Prints the id, and this once the key that signs.',
    )
    .argument('<name>', 'name for people')
    .argument('<address>', 'an https address')
    .addHelpText(
      'after',
      example(
        'gleaner webhooks create Deploys https://hooks.example.org/gleaner --type job',
        'gleaner webhooks create Alarm https://hooks.example.org/alarm --type job.ended --status ERROR --type hold',
      ),
    )
    .action((name: string, url: string, options: Narrowed, command: Command) =>
      run(command, (ctx) => createWebhook(ctx, { name, url, options })),
    )
  narrowing(webhooks.command('update'))
    .description('Change what is given, leave the rest, and try again at once.')
    .argument('<id>', ID)
    .option('--name <name>', 'name for people')
    // --url names the server, everywhere.
    .option('--address <url>', 'an https address')
    .action((id: string, { address, ...options }: UpdateOptions & { address?: string }, command: Command) =>
      run(command, (ctx) => updateWebhook(ctx, id, { ...options, ...(address && { url: address }) })),
    )
  for (const [verb, does, enabled] of SWITCHES) {
    webhooks
      .command(`${verb} <id>`)
      .description(does)
      .action((id: string, _options: unknown, command: Command) =>
        run(command, async (ctx) => {
          const { text } = await post(ctx, 'update', { webhook_id: id, enabled })
          return writeDone(ctx, { text }, `${id}: ${verb}d.`)
        }),
      )
  }
  webhooks
    .command('test')
    .description('Send one event of type `test` now, and tell what came of it.')
    .argument('<id>', ID)
    .action((id: string, _options: unknown, command: Command) => run(command, (ctx) => testWebhook(ctx, id)))
  webhooks
    .command('delete')
    .description('Remove a webhook, its key and the log of its attempts.')
    .argument('<id>', ID)
    .action((id: string, _options: unknown, command: Command) =>
      run(command, async (ctx) => {
        const { text } = await post(ctx, 'delete', { webhook_id: id })
        return writeDone(ctx, { text }, `Deleted ${id}.`)
      }),
    )
}

const ID = 'id of the webhook'

const SWITCHES = [
  ['enable', 'Go on where it stopped.', true],
  ['disable', 'Send nothing until it is enabled again.', false],
] as const

function narrowing(command: Command): Command {
  return command
    .option('--type <type>', 'only this type or noun, such as job.ended or job; may be repeated', gather)
    .option('--collector <id-or-name>', 'only what this collector did')
    .option('--kind <kind>', 'only resources of this kind: provider, provider/group or provider/group/type')
    .option('--status <status>', 'of jobs and tasks only those with this status; may be repeated', gather)
}

async function createWebhook(
  ctx: CliContext,
  { name, url, options }: { readonly name: string; readonly url: string; readonly options: Narrowed },
): Promise<ExitCode> {
  const { value, text } = await post(ctx, 'create', { name, url, ...(await toRequest(ctx, options)) })
  const key = textOf(value, 'signing_key')
  ctx.out.write(ctx.isJson ? renderJson(text) : `${textOf(value, 'webhook_id')}\n`)
  if (!ctx.isJson)
    ctx.notices.write(
      ctx.paintNotices(
        'dim',
        `Deliveries are signed with ${key}. It is shown this once: docs/guide/events.md.\n`,
      ),
    )
  return EXIT.success
}

async function updateWebhook(ctx: CliContext, id: string, options: UpdateOptions): Promise<ExitCode> {
  const { name, url } = options
  const changes = {
    ...(name === undefined ? {} : { name }),
    ...(url === undefined ? {} : { url }),
    ...(await toRequest(ctx, options)),
  }
  if (Object.keys(changes).length === 0) throw new UsageError('nothing to change is given')
  const { text } = await post(ctx, 'update', { webhook_id: id, ...changes })
  return writeDone(ctx, { text }, `Changed ${id}.`)
}

/** An empty text takes a limit away. */
async function toRequest(ctx: CliContext, { type, collector, kind, status }: Narrowed) {
  const found = collector ? (await findCollector(ctx, collector)).collector.id : collector
  return {
    ...(type === undefined ? {} : { types: type }),
    ...(found === undefined ? {} : { collector_id: found }),
    ...(kind === undefined ? {} : { kind }),
    ...(status === undefined ? {} : { statuses: status.map((each) => each.toUpperCase()) }),
  }
}

async function testWebhook(ctx: CliContext, id: string): Promise<ExitCode> {
  const { value, text } = await post(ctx, 'test', { webhook_id: id })
  const error = textOf(value, 'error')
  const status = numberOf(value, 'status')
  const took = `after ${numberOf(value, 'took_ms')} ms`
  writeDone(ctx, { text }, error === '' ? `HTTP ${status} ${took}.` : `Not delivered, ${took}: ${error}`)
  return error === '' ? EXIT.success : EXIT.failure
}
