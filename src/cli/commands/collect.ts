import type { Command } from 'commander'
import type { CliContext } from '../cli-context.ts'
import type { Answer } from '../client.ts'
import { COLLECT_FILTER, gatherFilter } from '../collect-filter.ts'
import { example, oneOf, type Run } from '../command-line.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { findCollector } from '../find-collector.ts'
import { renderTasks, renderVerdict } from '../output/job-report.ts'
import { renderJson } from '../output/json.ts'
import { readJob } from '../read-job.ts'
import { type Collector, type JobProgress, toJob } from '../shapes.ts'
import { watchJob } from '../watch-job.ts'

type CollectOptions = {
  readonly watch?: boolean
  readonly mode?: string
  readonly secret?: string
  readonly useCache?: boolean
  readonly filter?: Readonly<Record<string, unknown>>
}

export function addCollect(program: Command, run: Run): void {
  program
    .command('collect')
    .description('Start a collection now, and print the id of its job.')
    .argument('<id-or-name>', 'id of the collector, or its name')
    .option('-w, --watch', 'show the progress until the job ends; its outcome becomes the exit code')
    .option('--mode <mode>', 'ALL, CREATE (only add) or UPDATE (only change); default ALL', oneOf(MODES))
    .option('--secret <id>', 'use only this one of the secrets that the collector may use')
    .option('--use-cache', 'look only where the plugin asked to look next; proves nothing about the rest')
    .option('--filter <condition>', COLLECT_FILTER, gatherFilter)
    .addHelpText(
      'after',
      example(
        "gleaner collect 'This machine' --watch",
        "gleaner collect 'Shop account' --filter region=eu-central-1",
      ),
    )
    .action((idOrName: string, options: CollectOptions, command: Command) =>
      run(command, (ctx) => collect(ctx, idOrName, options)),
    )
}

const MODES = ['ALL', 'CREATE', 'UPDATE']

async function collect(ctx: CliContext, idOrName: string, options: CollectOptions): Promise<ExitCode> {
  const { collector } = await findCollector(ctx, idOrName)
  const answer = await startJob(ctx, collector, options)
  const jobId = toJob(answer.value).id
  if (!options.watch) {
    ctx.out.write(ctx.isJson ? renderJson(answer.text) : `${jobId}\n`)
    return EXIT.success
  }
  if (!ctx.isJson) ctx.out.write(`${jobId}\n`)
  const { progress } = await watchToTheEnd(ctx, jobId, collector.id)
  const { report, json } = await readJob(ctx, jobId)
  if (ctx.isJson) ctx.out.write(renderJson(json))
  else {
    const layout = { width: ctx.out.size()?.columns, paint: ctx.paint }
    ctx.out.write(
      `\n${renderTasks(report, layout, ctx.now())}\n${renderVerdict(report, ctx.paint, ctx.now())}`,
    )
  }
  return exitCodeOf(progress)
}

/** 0 when everything was collected, 4 when only a part was, 1 when nothing was. */
function exitCodeOf({ status, isPartial }: JobProgress): ExitCode {
  if (status === 'SUCCESS') return EXIT.success
  return isPartial ? EXIT.incomplete : EXIT.failure
}

async function startJob(
  { client, domainId, signal, notices }: CliContext,
  { id }: Collector,
  { mode, secret, useCache, filter }: CollectOptions,
): Promise<Answer> {
  try {
    return await client.post('/inventory/v1/collector/collect', {
      domain_id: domainId,
      collector_id: id,
      ...(mode === undefined ? {} : { collect_mode: mode }),
      ...(secret === undefined ? {} : { secret_id: secret }),
      ...(useCache === true ? { use_cache: true } : {}),
      ...(filter === undefined ? {} : { filter }),
    })
  } catch (thrown) {
    if (signal.aborted) notices.write('Interrupted; the job may have been started: see `gleaner jobs`.\n')
    throw thrown
  }
}

async function watchToTheEnd(ctx: CliContext, jobId: string, collectorId: string) {
  try {
    return await watchJob(ctx, jobId, collectorId)
  } catch (thrown) {
    const why = ctx.signal.aborted ? 'Stopped watching, not the job' : 'Watching ended before the job did'
    ctx.notices.write(`${why}: see it with \`gleaner jobs ${jobId}\`.\n`)
    throw thrown
  }
}
