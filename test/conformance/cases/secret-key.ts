import { expect } from 'vitest'
import { casesOf } from '../case.ts'
import type { World } from '../world.ts'

const key = casesOf('gleaner.v1.SecretKey')
const opening = casesOf('gleaner.v1.SecretOpening')

/** A secret that was opened to verify a plugin, and the fields that name it. */
async function opened(world: World) {
  const { secret_id } = await world.secret()
  const collector = await world.collector({ plugin_info: { plugin_id: world.pluginId, secret_id } })
  await world.given('spaceone.api.inventory.v1.Collector.verify_plugin', collector)
  return { ...collector, secret_id }
}

export const SECRET_KEY_CASES = [
  key.answers('rotate', 'the keys of the secrets as well', async () => ({ with_data_keys: true }), {
    with_data_keys: true,
    unreadable_count: '0',
    is_finished: true,
  }),

  opening.answers(
    'list',
    'what a verification has opened',
    async (world) => ({
      ...(await opened(world)),
      query: {
        only: ['secret_id', 'collector_id', 'data_version', 'job_task_id', 'attempt', 'opened_at'],
        page: { limit: 1 },
      },
    }),
    { results: [{ data_version: 1, job_task_id: '', attempt: 0 }] },
  ),
  opening.answers('list', 'for a call, which the log names', opened, {
    results: [{ request_id: expect.stringMatching(/./), job_task_id: '' }],
  }),
  opening.answers(
    'list',
    'none for another task',
    async (world) => ({ ...(await opened(world)), job_task_id: 'job_task-ffffffffffff' }),
    { total_count: 0, results: [] },
  ),
  opening.answers(
    'stat',
    'for which collectors a secret was opened',
    async (world) => {
      const { domain_id, secret_id } = await opened(world)
      const filter = [{ k: 'secret_id', v: secret_id, o: 'eq' }]
      return { domain_id, query: { filter, distinct: 'collector_id' } }
    },
    { results: [expect.stringMatching(/^collector-/)] },
  ),
]
