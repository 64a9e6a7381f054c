import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { example, type Run } from '../command-line.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { renderHistory } from '../output/history-table.ts'
import { renderJson } from '../output/json.ts'

export function addHistory(program: Command, run: Run): void {
  program
    .command('history')
    .description('Show what happened to a resource, and what brought each change.')
    .argument('<id>', 'id of the resource')
    .addHelpText('after', example('gleaner history cloud-svc-0123456789ab'))
    .action((resourceId: string, _options: unknown, command: Command) =>
      run(command, (ctx) => showHistory(ctx, resourceId)),
    )
}

async function showHistory(ctx: CliContext, resourceId: string): Promise<ExitCode> {
  const { client, domainId, isJson, out, paint } = ctx
  const answer = await client.post('/gleaner/v1/coverage/history', {
    domain_id: domainId,
    cloud_service_id: resourceId,
  })
  if (isJson) out.write(renderJson(answer.text))
  else out.write(renderHistory(answer.value, { width: out.size()?.columns, paint }, ctx.now()))
  return EXIT.success
}
