import { expect } from 'vitest'
import { casesOf } from '../case.ts'
import type { World } from '../world.ts'
import { endedJob, waitingJob } from './job.ts'
import { namingCases } from './naming.ts'

const SERVICE = 'spaceone.api.inventory.v1.JobTask'
const { answers, refuses } = casesOf(SERVICE)

async function taskOf(world: World, { domain_id, job_id }: { domain_id: string; job_id: string }) {
  const { results } = await world.given(`${SERVICE}.list`, { domain_id, job_id })
  const [task] = Array.isArray(results) ? results : []
  return { domain_id, job_task_id: String(Object(task).job_task_id) }
}

const own = async (world: World) => taskOf(world, await waitingJob(world))
const naming = (method: string) => namingCases(SERVICE, method, 'job_task_id', own)

export const JOB_TASK_CASES = [
  answers('get', 'one task', own, { status: 'PENDING', created_count: 0, secret_id: '', errors: [] }),
  answers('get', 'some fields of it', async (world) => ({ ...(await own(world)), only: ['status'] }), {
    status: 'PENDING',
  }),
  ...naming('get'),

  answers(
    'delete',
    'a task of a job that has ended',
    async (world) => taskOf(world, await endedJob(world)),
    {},
  ),
  refuses('delete', 'a task of a job that runs', own, [
    'failed_precondition',
    'ERROR_JOB_STATE',
    'IN_PROGRESS',
  ]),
  ...naming('delete'),

  answers(
    'list',
    'one by its job and status',
    async (world) => {
      const { domain_id, job_id } = await waitingJob(world)
      const { job_task_id } = await taskOf(world, { domain_id, job_id })
      return { domain_id, job_id, job_task_id, status: 'PENDING', query: { page: { limit: 5 } } }
    },
    { total_count: 1, results: [{ status: 'PENDING' }] },
  ),
  answers(
    'list',
    'none of another secret, account, provider and project',
    async ({ domain_id }) => ({
      domain_id,
      secret_id: 'secret-ffffffffffff',
      provider: 'nobody',
      service_account_id: 'sa-ffffffffffff',
      project_id: 'project-ffffffffffff',
    }),
    { total_count: 0 },
  ),
  answers(
    'stat',
    'the statuses there are',
    async (world) => {
      await own(world)
      return { domain_id: world.domain_id, query: { distinct: 'status' } }
    },
    { results: expect.arrayContaining(['PENDING']) },
  ),
]
