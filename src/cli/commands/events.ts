import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { example, gather, type Run } from '../command-line.ts'
import { EXIT, type ExitCode, isPassing } from '../failures.ts'
import { findCollector } from '../find-collector.ts'
import { renderEvent } from '../output/event-line.ts'
import { pause } from '../pause.ts'
import type { StreamedEvent } from '../read-events.ts'
import { textOf } from '../shapes.ts'

type EventsOptions = {
  readonly follow?: boolean
  readonly since?: string
  readonly type?: readonly string[]
  readonly collector?: string
  readonly job?: string
  readonly kind?: string
  readonly status?: readonly string[]
}

export function addEvents(program: Command, run: Run): void {
  program
    .command('events')
    .description('Tell what happened, oldest first, and with --follow what happens.')
    .option('-f, --follow', 'go on until interrupted; without --since only with what happens from now on')
    .option('--since <cursor>', 'only what came after this place')
    .option('--type <type>', 'only this type or noun, such as job.ended or job; may be repeated', gather)
    .option('--collector <id-or-name>', 'only what this collector did')
    .option('--job <id>', 'only what this job did')
    .option('--kind <kind>', 'only resources of this kind: provider, provider/group or provider/group/type')
    .option('--status <status>', 'of jobs and tasks only those with this status; may be repeated', gather)
    .addHelpText(
      'after',
      example(
        'gleaner events --follow --type job',
        'gleaner events --follow --type job.ended --type coverage --type hold --status ERROR',
      ),
    )
    .action((options: EventsOptions, command: Command) =>
      run(command, (ctx) => (options.follow ? follow(ctx, options) : listKept(ctx, options))),
    )
}

/** Comes back with the last place when the server ends the stream, which it does when it stops. */
async function follow(ctx: CliContext, options: EventsOptions): Promise<ExitCode> {
  let query = await queryOf(ctx, options)
  let receivedAt = ctx.now().getTime()
  for (;;) {
    try {
      for await (const event of ctx.client.stream({ path: '/gleaner/v1/events', query })) {
        receivedAt = ctx.now().getTime()
        query = { ...query, cursor: textOf(event.value, 'cursor') }
        print(ctx, event)
      }
    } catch (thrown) {
      if (!isPassing(thrown) || ctx.now().getTime() - receivedAt > ctx.patienceMs) throw thrown
      ctx.notices.write('The server does not answer; trying again.\n')
    }
    await pause(RETRY_MS, ctx.signal)
  }
}

const RETRY_MS = 1_000

/** Everything that is kept and that the filters let through. */
async function listKept(ctx: CliContext, options: EventsOptions): Promise<ExitCode> {
  const query = { cursor: '0', ...(await queryOf(ctx, options)), until_now: 'true' }
  for await (const event of ctx.client.stream({ path: '/gleaner/v1/events', query })) print(ctx, event)
  return EXIT.success
}

async function queryOf(ctx: CliContext, options: EventsOptions): Promise<Readonly<Record<string, string>>> {
  const { since, type = [], collector, job, kind, status = [] } = options
  const collectorId = collector === undefined ? undefined : (await findCollector(ctx, collector)).collector.id
  return {
    domain_id: ctx.domainId,
    ...(since === undefined ? {} : { cursor: since }),
    ...(type.length === 0 ? {} : { types: type.join(',') }),
    ...(collectorId === undefined ? {} : { collector_id: collectorId }),
    ...(job === undefined ? {} : { job_id: job }),
    ...(kind === undefined ? {} : { kind }),
    ...(status.length === 0 ? {} : { statuses: status.join(',').toUpperCase() }),
  }
}

/** With `--json` one document a line. */
function print({ isJson, out, paint }: CliContext, { value, text }: StreamedEvent): void {
  out.write(isJson ? `${text}\n` : renderEvent(value, paint))
}
