import type { Case } from '../case.ts'
import { casesOf } from '../case.ts'
import type { World } from '../world.ts'
import { namingCases } from './naming.ts'

const SERVICE = 'gleaner.v1.CollectorPlan'
const { answers, refuses } = casesOf(SERVICE)

const own = (world: World) => world.collector()

export const COLLECTOR_PLAN_CASES: readonly Case[] = [
  answers('get', 'a collector that has never run', own, {
    plugin_id: 'plugin-sample',
    plugin_version: '0.1.0',
    predicts: true,
    permissions: ['acme.estate.read'],
    calls: 2,
    seconds: 0,
    secrets: [
      {
        secret_id: '',
        apis: [{ api: 'acme', calls: 2, seconds: 0, permissions: ['acme.estate.read'] }],
        policies: [{ allow: 'acme.estate.read', regions: ['north-1', 'south-1'] }],
        error_code: '',
      },
    ],
  }),
  refuses(
    'get',
    'a secret outside the selection',
    async (world) => ({ ...(await own(world)), secret_id: 'secret-ffffffffffff' }),
    ['invalid', 'ERROR_INVALID_PARAMETER', "'secret_id'"],
  ),
  ...namingCases(SERVICE, 'get', 'collector_id', own),
]
