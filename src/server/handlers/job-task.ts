import { JobTask } from '../../gen/spaceone/api/inventory/v1/job_task_pb.ts'
import { deleteJobTask, getJobTask, jobTaskEntity, listJobTasks } from '../../jobs/index.ts'
import { requestEquals } from '../../query/index.ts'
import { implementService, READ, WRITE } from '../method.ts'
import { answerStat } from './stat.ts'

export const jobTaskService = implementService(JobTask, {
  delete: {
    access: WRITE,
    async handle({ ctx, domainId, request }) {
      await deleteJobTask(ctx, { domainId, jobTaskId: request.jobTaskId })
      return {}
    },
  },
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
  stat: { access: READ, handle: (call) => answerStat(call, jobTaskEntity) },
})
