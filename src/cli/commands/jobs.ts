import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import { example, oneOf, type Run, wholeNumber } from '../command-line.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { findCollector } from '../find-collector.ts'
import { addNoun, addReads } from '../nouns.ts'
import { countOf } from '../output/count.ts'
import { renderJobs } from '../output/jobs-table.ts'
import { renderJson } from '../output/json.ts'
import { listOf, numberOf, toJob } from '../shapes.ts'
import { addJobCancel } from './job-cancel.ts'
import { addJobDelete } from './job-delete.ts'
import { showJob } from './job-show.ts'

type JobsOptions = { readonly collector?: string; readonly status?: string; readonly limit: number }

export function addJobs(program: Command, run: Run): void {
  const jobs = addNoun(program, 'jobs', 'job')
    .description('List jobs, show one, cancel one, delete one.')
    .option('--collector <id-or-name>', 'only jobs of this collector')
    .option('--status <status>', 'only jobs in this status', oneOf(STATUSES))
    .option('--limit <n>', 'how many at most', wholeNumber(1, 1000), 20)
    .addHelpText('after', example('gleaner jobs --status error', "gleaner jobs --collector 'This machine'"))
  addReads<JobsOptions>(jobs, run, {
    named: 'id of the job',
    lists: 'List jobs, newest first.',
    list: listJobs,
    shows: 'Show one job: its tasks, their counters, and what went wrong.',
    show: showJob,
  })
  addJobCancel(jobs, run)
  addJobDelete(jobs, run)
}

const STATUSES = ['CREATED', 'IN_PROGRESS', 'SUCCESS', 'ERROR', 'CANCELED', 'TIMEOUT']

async function listJobs(ctx: CliContext, { collector, status, limit }: JobsOptions): Promise<ExitCode> {
  const { client, domainId, isJson, out, paint } = ctx
  const collectorId = collector === undefined ? undefined : (await findCollector(ctx, collector)).collector.id
  const answer = await client.post('/inventory/v1/job/list', {
    domain_id: domainId,
    ...(collectorId === undefined ? {} : { collector_id: collectorId }),
    ...(status === undefined ? {} : { status }),
    query: { page: { limit } },
  })
  if (isJson) {
    out.write(renderJson(answer.text))
    return EXIT.success
  }
  const jobs = listOf(answer.value, 'results').map(toJob)
  const total = numberOf(answer.value, 'total_count')
  out.write(renderJobs(jobs, { width: out.size()?.columns, paint }, ctx.now()))
  out.write(paint('dim', `Showing ${jobs.length} of ${countOf(total, 'job')}.\n`))
  return EXIT.success
}
