import type { Case } from '../case.ts'
import { casesOf } from '../case.ts'
import type { World } from '../world.ts'
import { namingCases } from './naming.ts'

const SERVICE = 'gleaner.v1.CollectorSettings'
const { answers, refuses, rest } = casesOf(SERVICE)

const own = (world: World) => world.collector()

export const COLLECTOR_SETTINGS_CASES: readonly Case[] = [
  answers('get', 'a collector that was never told anything', own, {
    overlap_policy: 'PARALLEL',
    worker_selector: {},
    max_parallel_tasks: 0,
  }),
  ...namingCases(SERVICE, 'get', 'collector_id', own),

  answers(
    'update',
    'everything',
    async (world) => ({
      ...(await own(world)),
      overlap_policy: 'QUEUE',
      worker_selector: { zone: 'eu-1', gpu: 'yes' },
      max_parallel_tasks: 3,
    }),
    { overlap_policy: 'QUEUE', worker_selector: { zone: 'eu-1', gpu: 'yes' }, max_parallel_tasks: 3 },
  ),
  answers(
    'update',
    'one of them, and the others stay',
    async (world) => {
      const collector = await own(world)
      await world.given(`${SERVICE}.update`, { ...collector, overlap_policy: 'SKIP', max_parallel_tasks: 2 })
      return { ...collector, worker_selector: {} }
    },
    { overlap_policy: 'SKIP', worker_selector: {}, max_parallel_tasks: 2 },
  ),
  rest(
    answers(
      'update',
      'no limit any more',
      async (world) => {
        const collector = await own(world)
        await world.given(`${SERVICE}.update`, { ...collector, max_parallel_tasks: 2 })
        return { ...collector, max_parallel_tasks: 0 }
      },
      { max_parallel_tasks: 0 },
    ),
  ),
  refuses(
    'update',
    'a policy nobody knows',
    async (world) => ({ ...(await own(world)), overlap_policy: 'MAYBE' }),
    ['invalid', 'ERROR_INVALID_PARAMETER', 'PARALLEL, SKIP, QUEUE, REPLACE'],
  ),
  refuses(
    'update',
    'a selector that is no text',
    async (world) => ({ ...(await own(world)), worker_selector: { gpu: true } }),
    ['invalid', 'ERROR_INVALID_PARAMETER', 'worker_selector.gpu'],
  ),
  refuses(
    'update',
    'a negative limit',
    async (world) => ({ ...(await own(world)), max_parallel_tasks: -1 }),
    ['invalid', 'ERROR_INVALID_PARAMETER', '-1'],
  ),
  ...namingCases(SERVICE, 'update', 'collector_id', own, { overlap_policy: 'SKIP' }),
]
