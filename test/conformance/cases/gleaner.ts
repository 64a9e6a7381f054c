import type { Case } from '../case.ts'
import { casesOf } from '../case.ts'
import { waitingJob } from './job.ts'
import { namingCases } from './naming.ts'

const progress = casesOf('gleaner.v1.JobProgress')
const search = casesOf('gleaner.v1.Search')

/** The methods that the public API does not have. */
export const GLEANER_CASES: readonly Case[] = [
  progress.answers(
    'get',
    'a job that waits',
    async (world) => {
      const { domain_id, job_id } = await waitingJob(world)
      return { domain_id, job_id }
    },
    { status: 'IN_PROGRESS', finished: false, partial: false, tasks: [{ status: 'PENDING', attempt: 0 }] },
  ),
  ...namingCases('gleaner.v1.JobProgress', 'get', 'job_id', async (world) => {
    const { domain_id, job_id } = await waitingJob(world)
    return { domain_id, job_id }
  }),

  search.answers(
    'resources',
    'a name',
    async (world) => {
      const name = world.unique('searched')
      await world.given('spaceone.api.inventory.v1.CloudService.create', {
        domain_id: world.domain_id,
        provider: 'acme',
        cloud_service_group: 'ObjectStore',
        cloud_service_type: 'Bucket',
        name,
        data: {},
      })
      return {
        domain_id: world.domain_id,
        text: `type:bucket name:${name}`,
        only: ['name', 'provider'],
        sort: { key: 'name' },
        page: { start: 1, limit: 10 },
      }
    },
    { total_count: 1, results: [{ provider: 'acme' }] },
  ),
  search.refuses(
    'resources',
    'a field nobody knows',
    async ({ domain_id }) => ({ domain_id, text: 'color:red' }),
    ['invalid', 'ERROR_', 'color'],
  ),
]
