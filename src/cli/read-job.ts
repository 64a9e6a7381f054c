import type { CliContext } from './cli-context.ts'
import type { JobReport } from './output/job-report.ts'
import { joinJson } from './output/json.ts'
import { listOf, toJob, toJobProgress, toTask } from './shapes.ts'

/** Everything the API tells about a job: read, and as one JSON document of its three answers. */
export async function readJob(
  { client, domainId }: CliContext,
  jobId: string,
): Promise<{ readonly report: JobReport; readonly json: string }> {
  const request = { domain_id: domainId, job_id: jobId }
  const [job, progress, tasks] = await Promise.all([
    client.post('/inventory/v1/job/get', request),
    client.post('/gleaner/v1/job-progress/get', request),
    client.post('/inventory/v1/job-task/list', request),
  ])
  return {
    report: {
      job: toJob(job.value),
      progress: toJobProgress(progress.value),
      tasks: listOf(tasks.value, 'results').map(toTask),
    },
    json: joinJson({ job: job.text, progress: progress.text, tasks: tasks.text }),
  }
}
