import { JobTask } from '../../gen/spaceone/api/inventory/v1/job_task_pb.ts'
import { getJobTask, jobTaskEntity, listJobTasks } from '../../jobs/index.ts'
import { requestEquals } from '../../query/index.ts'
import { type AccessPolicy, implementService } from '../method.ts'

const READ: AccessPolicy = { permission: 'read', domain: 'required' }

export const jobTaskService = implementService(JobTask, {
  get: {
    access: READ,
    handle: ({ ctx, domainId, request }) =>
      getJobTask(ctx, { domainId, jobTaskId: request.jobTaskId, only: request.only }),
  },
  list: {
    access: READ,
    async handle({ ctx, domainId, request, has }) {
      const equals = requestEquals(jobTaskEntity, request, has)
      const page = await listJobTasks(ctx, { domainId, query: request.query, equals })
      return { results: [...page.rows], totalCount: page.totalCount }
    },
  },
})
