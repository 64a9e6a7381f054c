import { Job } from '../../gen/spaceone/api/inventory/v1/job_pb.ts'
import { deleteJob, getJob, jobEntity, listJobs } from '../../jobs/index.ts'
import { requestEquals } from '../../query/index.ts'
import { implementService, READ, WRITE } from '../method.ts'
import { answerStat } from './stat.ts'

export const jobService = implementService(Job, {
  delete: {
    access: WRITE,
    async handle({ ctx, domainId, request }) {
      await deleteJob(ctx, { domainId, jobId: request.jobId })
      return {}
    },
  },
  get: {
    access: READ,
    handle: ({ ctx, domainId, request }) =>
      getJob(ctx, { domainId, jobId: request.jobId, only: request.only }),
  },
  list: {
    access: READ,
    async handle({ ctx, domainId, request, has }) {
      const equals = requestEquals(jobEntity, request, has)
      const page = await listJobs(ctx, { domainId, query: request.query, equals })
      return { results: [...page.rows], totalCount: page.totalCount }
    },
  },
  stat: { access: READ, handle: (call) => answerStat(call, jobEntity) },
})
