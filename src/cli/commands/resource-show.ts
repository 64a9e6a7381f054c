import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { example, type Run } from '../command-line.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { escapeLines } from '../output/escape.ts'
import { renderFacts } from '../output/facts.ts'
import { prettyJson, renderJson } from '../output/json.ts'
import { kindOf } from '../output/resources-table.ts'
import { absoluteTime, relativeTime } from '../output/time.ts'
import { listOf, objectOf, textOf, textsOf } from '../shapes.ts'
import { INSTANT, toInstant } from '../when.ts'

/** Adds `show` below the `resources` command, and a short way to say it. */
export function addResourceShow(program: Command, resources: Command, run: Run): void {
  const show = resources.command('show')
  for (const command of [show, program.command('resource', { hidden: true })]) {
    command
      .description('Show one resource: what is known of it, and since when.')
      .argument('<id>', 'id of the resource')
      .option('--as-of <when>', `as it was then: ${INSTANT}`)
      .addHelpText('after', example('gleaner resources show cloud-svc-0123456789ab'))
      .action((id: string, _options: unknown, command: Command) =>
        // Below a command that has the option too, it is read by that one.
        run(command, (ctx) => showResource(ctx, id, command.optsWithGlobals<AsOf>())),
      )
  }
}

type AsOf = { readonly asOf?: string }

async function showResource(ctx: CliContext, resourceId: string, { asOf }: AsOf): Promise<ExitCode> {
  const { client, domainId, isJson, out, paint } = ctx
  const one = { domain_id: domainId, cloud_service_id: resourceId }
  const answer =
    asOf === undefined
      ? await client.post('/inventory/v1/cloud-service/get', one)
      : await client.post('/gleaner/v1/history/get', { ...one, as_of: toInstant(asOf) })
  if (isJson) {
    out.write(renderJson(answer.text))
    return EXIT.success
  }
  const resource = asOf === undefined ? answer.value : objectOf(answer.value, 'resource')
  const reference = objectOf(resource, 'reference')
  const now = ctx.now()
  out.write(
    renderFacts(
      [
        ['As of', textOf(answer.value, 'as_of')],
        ['Resource', textOf(resource, 'cloud_service_id')],
        ['Name', textOf(resource, 'name')],
        ['Kind', kindOf(resource)],
        ['State', textOf(resource, 'state')],
        ['Account', textOf(resource, 'account')],
        ['Region', textOf(resource, 'region_code')],
        ['Provider id', textOf(reference, 'resource_id')],
        ['Link', textOf(reference, 'external_link')],
        ['Collected by', collectedBy(resource, now)],
        ['First seen', absoluteTime(textOf(resource, 'created_at'), now)],
        ['Last changed', absoluteTime(textOf(resource, 'updated_at'), now)],
        ['Deleted', absoluteTime(textOf(resource, 'deleted_at'), now)],
      ],
      paint,
    ),
  )
  for (const name of ['tags', 'data']) {
    const document = objectOf(resource, name)
    if (Object.keys(document).length > 0) out.write(`\n${paint('bold', name)}\n${prettyJson(document)}`)
  }
  for (const path of textsOf(answer.value, 'unknown_paths')) {
    out.write(`\n${paint('yellow', escapeLines(`Not in the history: ${path}, which has changed since.`))}\n`)
  }
  return EXIT.success
}

function collectedBy(resource: Parameters<typeof listOf>[0], now: Date): string {
  return listOf(resource, 'collection_info')
    .map((info) => `${textOf(info, 'collector_id')} ${relativeTime(textOf(info, 'last_collected_at'), now)}`)
    .join(', ')
}
