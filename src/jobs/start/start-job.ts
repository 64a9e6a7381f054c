import { fromJson } from '@bufbuild/protobuf'
import { toTimestamp } from '../../core/clock.ts'
import { CollectorInfoSchema, JobInfo_Status } from '../../gen/spaceone/api/inventory/v1/collector_pb.ts'
import type { Transaction } from '../../storage/index.ts'
import type { JobPlan } from '../job.ts'
import type { TaskQueue } from '../queue/queue.ts'
import type { JobView } from '../read/job-entity.ts'
import { startJobs } from './start-jobs.ts'

/**
 * Stores one planned job as `startJobs` does, and returns it as a reader would see it at this moment. Throws
 * why there is none when the overlap policy skips it.
 */
export async function startJob(tx: Transaction, queue: TaskQueue, plan: JobPlan): Promise<JobView> {
  const [start] = await startJobs(tx, queue, [plan])
  if (start === undefined) throw new Error('a plan that nothing became of')
  if (start.kind === 'skipped') throw start.reason
  return toNewJobView(start, plan)
}

// Not read back: by the time of a second query a fast plugin may have ended the job.
function toNewJobView(start: { jobId: string; status: 'IN_PROGRESS' | 'CREATED' }, plan: JobPlan): JobView {
  const plannedAt = toTimestamp(plan.plannedAt)
  return {
    jobId: start.jobId,
    status: JobInfo_Status[start.status],
    filter: plan.filter,
    totalTasks: plan.tasks.length,
    remainedTasks: plan.tasks.length,
    errors: [],
    collectorInfo: fromJson(CollectorInfoSchema, plan.collectorInfo),
    projectId: plan.projectId,
    domainId: plan.domainId,
    createdAt: plannedAt,
    updatedAt: plannedAt,
  }
}
