import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { example, type Run } from '../command-line.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { renderBlame } from '../output/blame-table.ts'
import { renderJson } from '../output/json.ts'

export function addBlame(program: Command, run: Run): void {
  program
    .command('blame')
    .description('Show since when each value of a resource is what it is, and what brought it.')
    .argument('<id>', 'id of the resource')
    .argument('[path]', 'only what is there or below: data.os, tags')
    .addHelpText(
      'after',
      example('gleaner blame cloud-svc-0123456789ab', 'gleaner blame cloud-svc-0123456789ab data.security'),
    )
    .action((id: string, path: string | undefined, _options: unknown, command: Command) =>
      run(command, (ctx) => showBlame(ctx, id, path ?? '')),
    )
}

async function showBlame(ctx: CliContext, id: string, path: string): Promise<ExitCode> {
  const { client, domainId, isJson, out, paint } = ctx
  const request = { domain_id: domainId, cloud_service_id: id, path }
  const answer = await client.post('/gleaner/v1/history/blame', request)
  if (isJson) out.write(renderJson(answer.text))
  else out.write(renderBlame(answer.value, { width: out.size()?.columns, paint }, ctx.now()))
  return EXIT.success
}
