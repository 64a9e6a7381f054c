import type { CliContext } from '../cli-context.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { renderCalls } from '../output/calls-table.ts'
import { renderFacts } from '../output/facts.ts'
import { renderTasks, renderVerdict } from '../output/job-report.ts'
import { renderJson } from '../output/json.ts'
import { absoluteTime, duration, durationBetween } from '../output/time.ts'
import { readJob } from '../read-job.ts'

/** Shows one job with its tasks. */
export async function showJob(ctx: CliContext, jobId: string): Promise<ExitCode> {
  const { isJson, out, paint } = ctx
  const { report, json } = await readJob(ctx, jobId)
  if (isJson) {
    out.write(renderJson(json))
    return EXIT.success
  }
  const { job, progress } = report
  const now = ctx.now()
  const { predictedSeconds } = progress
  const expected =
    predictedSeconds === 0 ? '' : `about ${duration(predictedSeconds * 1_000)} of asking the provider`
  const collector = job.collector.name === '' ? '' : `${job.collector.name} (${job.collector.id})`
  out.write(
    renderFacts(
      [
        ['Job', job.id],
        ['Status', job.status],
        ['Collector', collector],
        ['Started', absoluteTime(job.createdAt, now)],
        ['Ended', absoluteTime(job.finishedAt, now)],
        ['Time', durationBetween(job.createdAt, job.finishedAt, now)],
        ['Expected', expected],
        ['Tasks', `${job.totalTasks - job.remainedTasks} of ${job.totalTasks} ended`],
      ],
      paint,
    ),
  )
  out.write(`\n${renderTasks(report, { width: out.size()?.columns, paint }, now)}`)
  if (progress.calls.length > 0)
    out.write(`\n${renderCalls(progress.calls, { width: out.size()?.columns, paint })}`)
  if (progress.isFinished) out.write(`\n${renderVerdict(report, paint, now)}`)
  return EXIT.success
}
