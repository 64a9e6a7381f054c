import { JobControl } from '../../gen/gleaner/v1/job_control_pb.ts'
import { cancelJob, cancelJobTask, getJobProgress } from '../../jobs/index.ts'
import { implementService, RUN } from '../method.ts'

export const jobControlService = implementService(JobControl, {
  cancel: {
    access: RUN,
    async handle({ ctx, domainId, request: { jobId } }) {
      await cancelJob(ctx, { domainId, jobId })
      return await getJobProgress(ctx, { domainId, jobId })
    },
  },
  cancel_task: {
    access: RUN,
    async handle({ ctx, domainId, request: { jobTaskId } }) {
      const jobId = await cancelJobTask(ctx, { domainId, jobTaskId })
      return await getJobProgress(ctx, { domainId, jobId })
    },
  },
})
