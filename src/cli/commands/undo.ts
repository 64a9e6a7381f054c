import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { example, type Run } from '../command-line.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { countOf } from '../output/count.ts'
import { escapeLines } from '../output/escape.ts'
import { renderJson } from '../output/json.ts'

export function addUndo(program: Command, run: Run): void {
  program
    .command('undo <resource-or-job-id>')
    .description('Take back the deletion of a resource, or all deletions of a job.')
    .addHelpText('after', example('gleaner undo cloud-svc-0123456789ab', 'gleaner undo job-0123456789ab'))
    .action((id: string, _: object, command: Command) => run(command, (ctx) => undo(ctx, id)))
}

async function undo({ client, domainId, isJson, out }: CliContext, id: string): Promise<ExitCode> {
  const target = id.startsWith('job-') ? { job_id: id } : { cloud_service_id: id }
  const answer = await client.post('/gleaner/v1/coverage/undo', { domain_id: domainId, ...target })
  const ids = Array.isArray(answer.value.cloud_service_ids) ? answer.value.cloud_service_ids.map(String) : []
  out.write(
    isJson
      ? renderJson(answer.text)
      : escapeLines([`Brought back ${countOf(ids.length, 'resource')}.`, ...ids, ''].join('\n')),
  )
  return EXIT.success
}
