import { expect } from 'vitest'
import { casesOf } from '../case.ts'
import type { World } from '../world.ts'
import { namingCases } from './naming.ts'

const SERVICE = 'spaceone.api.inventory.v1.Job'
const { answers, refuses } = casesOf(SERVICE)

/** A job that waits for a worker: no process of this world has that role. */
export async function waitingJob(world: World) {
  const collector = await world.collector()
  const job = await world.given('spaceone.api.inventory.v1.Collector.collect', collector)
  return { ...collector, job_id: String(job.job_id) }
}

/** A job that has ended, because its collector was deleted. */
export async function endedJob(world: World) {
  const { domain_id, collector_id, job_id } = await waitingJob(world)
  await world.given('spaceone.api.inventory.v1.Collector.delete', { domain_id, collector_id })
  return { domain_id, job_id }
}

const own = async (world: World) => {
  const { domain_id, job_id } = await waitingJob(world)
  return { domain_id, job_id }
}

const naming = (method: string) => namingCases(SERVICE, method, 'job_id', own)

export const JOB_CASES = [
  answers('get', 'one job', own, { status: 'IN_PROGRESS', total_tasks: 1, remained_tasks: 1, errors: [] }),
  answers('get', 'some fields of it', async (world) => ({ ...(await own(world)), only: ['status'] }), {
    status: 'IN_PROGRESS',
  }),
  ...naming('get'),

  answers('delete', 'a job that has ended', endedJob, {}),
  refuses('delete', 'a job that runs', own, ['failed_precondition', 'ERROR_JOB_STATE', 'IN_PROGRESS']),
  ...naming('delete'),

  answers(
    'list',
    'one by each of its fields',
    async (world) => ({
      ...(await waitingJob(world)),
      status: 'IN_PROGRESS',
      query: { sort: { key: 'created_at', desc: true } },
    }),
    { total_count: 1, results: [{ status: 'IN_PROGRESS', collector_info: { name: 'Acme' } }] },
  ),
  answers(
    'list',
    'none of another project',
    async ({ domain_id }) => ({ domain_id, project_id: 'project-ffffffffffff' }),
    { total_count: 0 },
  ),
  answers(
    'stat',
    'how many of each status',
    async (world) => {
      await waitingJob(world)
      const keys = [{ key: 'status', name: 'status' }]
      const aggregate = [{ group: { keys, fields: [{ name: 'total', operator: 'count' }] } }]
      return { domain_id: world.domain_id, query: { aggregate } }
    },
    { results: expect.arrayContaining([{ status: 'IN_PROGRESS', total: expect.any(Number) }]) },
  ),
]
