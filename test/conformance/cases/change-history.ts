import { casesOf } from '../case.ts'
import type { World } from '../world.ts'

const { answers } = casesOf('spaceone.api.inventory.v1.ChangeHistory')

async function renamed(world: World) {
  const { domain_id } = world
  const made = await world.given('spaceone.api.inventory.v1.CloudService.create', {
    domain_id,
    provider: 'acme',
    cloud_service_group: 'ObjectStore',
    cloud_service_type: 'Bucket',
    name: 'before',
    data: {},
  })
  const cloud_service_id = String(made.cloud_service_id)
  await world.given('spaceone.api.inventory.v1.CloudService.update', {
    domain_id,
    cloud_service_id,
    name: 'after',
  })
  return { domain_id, cloud_service_id }
}

export const CHANGE_HISTORY_CASES = [
  answers(
    'list',
    'the updates of one resource by hand',
    async (world) => ({
      ...(await renamed(world)),
      action: 'UPDATE',
      updated_by: 'USER',
      query: { sort: { key: 'created_at', desc: true } },
    }),
    {
      total_count: 1,
      results: [
        {
          action: 'UPDATE',
          diff: [{ key: 'name', before: 'before', after: 'after', type: 'CHANGED' }],
          diff_count: 1,
        },
      ],
    },
  ),
  answers(
    'list',
    'none by another user, collector and job',
    async (world) => ({
      ...(await renamed(world)),
      user_id: 'nobody',
      collector_id: 'collector-ffffffffffff',
      job_id: 'job-ffffffffffff',
    }),
    { total_count: 0 },
  ),
  answers(
    'stat',
    'what happened to one resource',
    async (world) => ({ ...(await renamed(world)), query: { distinct: 'action' } }),
    { results: ['CREATE', 'UPDATE'] },
  ),
]
