import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { example, type Run } from '../command-line.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { renderJson } from '../output/json.ts'
import { toJobProgress } from '../shapes.ts'

/** Adds `cancel` below the `jobs` command. */
export function addJobCancel(jobs: Command, run: Run): void {
  jobs
    .command('cancel')
    .description('Cancel a job, or one of its tasks. What was collected stays.')
    .argument('<id>', 'id of the job, or of a job task')
    .addHelpText('after', example('gleaner jobs cancel job-0123456789ab'))
    .action((id: string, _options: unknown, command: Command) => run(command, (ctx) => cancel(ctx, id)))
}

async function cancel({ client, domainId, isJson, out }: CliContext, id: string): Promise<ExitCode> {
  const answer = id.startsWith('job_task-')
    ? await client.post('/gleaner/v1/job-control/cancel-task', { domain_id: domainId, job_task_id: id })
    : await client.post('/gleaner/v1/job-control/cancel', { domain_id: domainId, job_id: id })
  if (isJson) {
    out.write(renderJson(answer.text))
    return EXIT.success
  }
  const { tasks } = toJobProgress(answer.value)
  const seen = tasks.reduce((sum, task) => sum + task.seen, 0)
  out.write(`Canceled ${id}. The ${seen} resources it had seen stay; nothing counts as gone.\n`)
  return EXIT.success
}
