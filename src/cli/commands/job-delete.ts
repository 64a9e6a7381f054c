import type { Command } from 'commander'
import { example, type Run } from '../command-line.ts'
import { writeDone } from '../output/write-done.ts'

/** Adds `delete` below the `jobs` command. */
export function addJobDelete(jobs: Command, run: Run): void {
  jobs
    .command('delete')
    .description('Delete a job that has ended, with its tasks. What was collected stays, and its history.')
    .argument('<id>', 'id of the job')
    .addHelpText('after', example('gleaner jobs delete job-0123456789ab'))
    .action((id: string, _options: unknown, command: Command) =>
      run(command, async (ctx) => {
        const request = { domain_id: ctx.domainId, job_id: id }
        return writeDone(ctx, await ctx.client.post('/inventory/v1/job/delete', request), `Deleted ${id}.`)
      }),
    )
}
