import type { JsonObject } from '@bufbuild/protobuf'
import { expect } from 'vitest'
import { casesOf } from '../case.ts'
import type { World } from '../world.ts'
import { namingCases } from './naming.ts'

const SERVICE = 'spaceone.api.inventory.v1.Collector'
const { answers, refuses } = casesOf(SERVICE)
const RUNS = 'gleaner.v1.Schedule'
const runs = casesOf(RUNS)

const NIGHTLY = { name: 'Nightly', schedule: { hours: [2], minutes: [30] } }

const add =
  (fields: JsonObject = {}) =>
  async (world: World) => ({ ...(await world.collector()), ...NIGHTLY, ...fields })

/** A schedule that is there, named as requests name it. */
async function own(world: World): Promise<JsonObject> {
  const collector = await world.collector()
  const { schedule_id = '' } = await world.given(`${SERVICE}.add_schedule`, { ...collector, ...NIGHTLY })
  return { ...collector, schedule_id }
}

const change = (fields: JsonObject) => async (world: World) => ({ ...(await own(world)), ...fields })

const naming = (method: string) => [
  ...namingCases(SERVICE, method, 'schedule_id', own),
  ...namingCases(SERVICE, method, 'collector_id', own),
]

export const SCHEDULE_CASES = [
  answers('add_schedule', 'times of day', add({ filter: {}, collect_mode: 'CREATE' }), {
    name: 'Nightly',
    collect_mode: 'CREATE',
    schedule: { hours: [2], minutes: [30], interval: 0, cron: '' },
    last_scheduled_at: '',
    collector_info: { name: 'Acme', plugin_info: { plugin_id: 'plugin-sample' } },
  }),
  refuses('add_schedule', 'a plan of two kinds', add({ schedule: { hours: [2], interval: 60 } }), [
    'invalid',
    'ERROR_INVALID_PARAMETER',
    "'schedule'",
  ]),
  refuses('add_schedule', 'hour 24', add({ schedule: { hours: [24] } }), [
    'invalid',
    'ERROR_INVALID_PARAMETER',
    "'schedule.hours'",
  ]),
  refuses('add_schedule', 'more hours than a day has', add({ schedule: { hours: Array(25).fill(1) } }), [
    'invalid',
    'ERROR_INVALID_PARAMETER',
    "'schedule.hours'",
  ]),
  refuses('add_schedule', 'no plan', add({ schedule: null }), [
    'invalid',
    'ERROR_REQUIRED_PARAMETER',
    "'schedule'",
  ]),
  refuses('add_schedule', 'an unknown mode', add({ collect_mode: 'SOME' }), [
    'invalid',
    'ERROR_INVALID_PARAMETER',
    "'collect_mode'",
  ]),
  refuses('add_schedule', 'a filter key that the plugin does not know', add({ filter: { planet: 'mars' } }), [
    'invalid',
    'ERROR_UNSUPPORTED_FILTER_KEY',
    'planet',
  ]),
  refuses(
    'add_schedule',
    'everything wrong at once',
    add({
      name: 'n'.repeat(256),
      collect_mode: 'SOME',
      schedule: { hours: [24], minutes: [60], interval: 3_601, cron: 'never' },
      filter: { planet: 'mars' },
    }),
    [
      'invalid',
      'ERROR_INVALID_PARAMETER',
      [
        "'name'",
        "'collect_mode'",
        "'schedule'",
        "'schedule.hours'",
        "'schedule.minutes'",
        "'schedule.interval'",
        "'schedule.cron'",
        "'filter.planet'",
      ],
    ],
  ),
  ...namingCases(SERVICE, 'add_schedule', 'collector_id', (world) => world.collector(), NIGHTLY),

  refuses('get_schedule', 'neither id', async ({ domain_id }) => ({ domain_id }), [
    'invalid',
    'ERROR_REQUIRED_PARAMETER',
    ["'collector_id'", "'schedule_id'"],
  ]),
  answers('get_schedule', 'one schedule', own, { name: 'Nightly', schedule: { hours: [2], minutes: [30] } }),
  ...naming('get_schedule'),

  answers(
    'update_schedule',
    'name, mode, plan and filter',
    change({ name: 'Hourly', collect_mode: 'UPDATE', schedule: { minutes: [5] }, filter: {} }),
    { name: 'Hourly', collect_mode: 'UPDATE', schedule: { minutes: [5], hours: [] }, filter: {} },
  ),
  refuses('update_schedule', 'an empty plan', change({ schedule: {} }), [
    'invalid',
    'ERROR_INVALID_PARAMETER',
    "'schedule'",
  ]),
  ...naming('update_schedule'),

  answers('delete_schedule', 'one schedule', own, {}),
  ...naming('delete_schedule'),

  answers(
    'list_schedules',
    'one of a collector by its id',
    async (world) => ({ ...(await own(world)), query: { only: ['schedule_id', 'name'] } }),
    { total_count: 1, results: [{ name: 'Nightly' }] },
  ),
  answers('list_schedules', 'none of a collector that has none', (world) => world.collector(), {
    total_count: 0,
    results: [],
  }),
  ...namingCases(SERVICE, 'list_schedules', 'collector_id', (world) => world.collector()),
]

/** What our own package says of schedules. */
export const SCHEDULE_RUNS_CASES = [
  runs.answers('set_time_zone', 'a zone', change({ time_zone: 'Europe/Berlin' }), {
    time_zone: 'Europe/Berlin',
    next_runs: expect.any(Array),
    paused: false,
    missed_at: '',
  }),
  runs.refuses('set_time_zone', 'a zone that does not exist', change({ time_zone: 'Mars/Olympus' }), [
    'invalid',
    'ERROR_INVALID_PARAMETER',
    'Mars/Olympus',
  ]),
  runs.refuses('set_time_zone', 'no zone', own, ['invalid', 'ERROR_REQUIRED_PARAMETER', "'time_zone'"]),
  ...namingCases(RUNS, 'set_time_zone', 'schedule_id', own, { time_zone: 'UTC' }),
  ...namingCases(RUNS, 'set_time_zone', 'collector_id', own, { time_zone: 'UTC' }),

  runs.answers('next_runs', 'three runs', change({ count: 3 }), {
    time_zone: 'UTC',
    next_runs: [1, 2, 3].map(() => expect.stringMatching(/T02:30:00\.000Z$/)),
  }),
  runs.refuses('next_runs', '101 runs', change({ count: 101 }), [
    'invalid',
    'ERROR_INVALID_PARAMETER',
    "'count'",
  ]),
  ...namingCases(RUNS, 'next_runs', 'schedule_id', own),
  ...namingCases(RUNS, 'next_runs', 'collector_id', own),
]
