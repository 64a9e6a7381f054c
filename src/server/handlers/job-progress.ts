import { JobProgress } from '../../gen/gleaner/v1/job_pb.ts'
import { getJobProgress } from '../../jobs/index.ts'
import { implementService } from '../method.ts'

export const jobProgressService = implementService(JobProgress, {
  get: {
    access: { permission: 'read', domain: 'required' },
    handle: ({ ctx, domainId, request }) => getJobProgress(ctx, { domainId, jobId: request.jobId }),
  },
})
