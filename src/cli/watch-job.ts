import type { CliContext } from './cli-context.ts'
import type { Answer } from './client.ts'
import { isPassing } from './failures.ts'
import { listenToJob } from './job-bell.ts'
import { createProgressDisplay } from './output/progress-display.ts'
import { type JobProgress, listOf, objectOf, toJob, toJobProgress } from './shapes.ts'

type WatchedJob = { readonly progress: JobProgress; readonly answer: Answer }

/**
 * Shows a job until it ends: looks at it when an event says so, and from time to time where none is heard. A
 * server that stays away for a while (a restart) is waited for; one that stays away longer ends the watching,
 * never the job. So does an interrupt.
 */
export async function watchJob(ctx: CliContext, jobId: string, collectorId: string): Promise<WatchedJob> {
  const display = createProgressDisplay(ctx, await expectedCounts(ctx, collectorId))
  const bell = listenToJob(ctx, jobId)
  const startedAt = ctx.now().getTime()
  let answeredAt = startedAt
  try {
    for (;;) {
      const watched = await look(ctx, jobId).catch((thrown: unknown) => {
        const awayMs = ctx.now().getTime() - answeredAt
        if (!isPassing(thrown) || awayMs > ctx.patienceMs) throw thrown
        display.note('The server does not answer; trying again.')
        return undefined
      })
      if (watched !== undefined) {
        answeredAt = ctx.now().getTime()
        display.show(watched.progress)
        if (watched.progress.isFinished) return watched
      }
      await bell.wait(pollDelayMs(ctx.now().getTime() - startedAt))
    }
  } finally {
    bell.stop()
    display.stop()
  }
}

/**
 * How long to wait before the next look, where no event tells: short jobs are followed closely, long ones
 * cheaply.
 */
function pollDelayMs(watchedMs: number): number {
  if (watchedMs < 1_000) return 100
  return watchedMs < 10_000 ? 300 : 1_000
}

async function look({ client, domainId }: CliContext, jobId: string): Promise<WatchedJob> {
  const answer = await client.post('/gleaner/v1/job-progress/get', { domain_id: domainId, job_id: jobId })
  return { progress: toJobProgress(answer.value), answer }
}

/**
 * What each task saw in the collector's last complete run, in the order of its tasks; empty when there was
 * none, when it was filtered, or when it cannot be read: a bar is not worth failing for.
 */
async function expectedCounts(
  { client, domainId, signal }: CliContext,
  collectorId: string,
): Promise<readonly number[]> {
  try {
    const list = await client.post('/inventory/v1/job/list', {
      domain_id: domainId,
      collector_id: collectorId,
      status: 'SUCCESS',
      query: { page: { limit: 1 } },
    })
    const last = listOf(list.value, 'results')[0]
    if (last === undefined || Object.keys(objectOf(last, 'filter')).length > 0) return []
    const answer = await client.post('/gleaner/v1/job-progress/get', {
      domain_id: domainId,
      job_id: toJob(last).id,
    })
    return toJobProgress(answer.value).tasks.map((task) => task.seen)
  } catch (thrown) {
    if (signal.aborted) throw thrown
    return []
  }
}
