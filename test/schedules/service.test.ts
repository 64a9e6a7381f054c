import { create, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import { afterAll, describe, expect, test } from 'vitest'
import {
  CreateScheduleRequestSchema,
  ScheduleInfoSchema,
  UpdateScheduleRequestSchema,
} from '../../src/gen/spaceone/api/inventory/v1/collector_pb.ts'
import { createCollectorService } from '../../src/server/handlers/collector.ts'
import { openWorkshop } from '../jobs/support.ts'
import { startApi } from '../support/api-server.ts'

const workshop = await openWorkshop()
const { db, givenCollector, keyring, plugins, queue } = workshop
const deps = { registry: plugins.registry, plugins, queue, keyring }
const api = await startApi(
  [createCollectorService({ ...deps, schedules: { ignorePluginSupport: false } })],
  {},
  db,
)
const lenient = await startApi(
  [createCollectorService({ ...deps, schedules: { ignorePluginSupport: true } })],
  {},
  db,
)
afterAll(async () => {
  await api.stop()
  await lenient.stop()
  await workshop.close()
})

const FORMAT = { filter_format: [{ key: 'region' }] }

async function post(method: string, body: object, server = api) {
  const answer = await server.post(`/inventory/v1/collector/${method}`, JSON.stringify(body))
  return { status: answer.status, body: JSON.parse(answer.text) }
}

async function givenKeys(metadata: object = FORMAT) {
  const { domainId, collectorId } = await givenCollector({ init: () => ({ ...metadata }) })
  return { domain_id: domainId, collector_id: collectorId }
}

async function givenSchedule(changes: object = {}) {
  const keys = await givenKeys()
  const answer = await post('add_schedule', { ...keys, schedule: { hours: [3] }, ...changes })
  expect(answer.status).toBe(200)
  return { ...keys, schedule_id: answer.body.schedule_id }
}

async function nextDueAt(scheduleId: string): Promise<Date> {
  const [row] = await db.query<{ nextDueAt: Date }>(
    'select next_due_at from schedule where schedule_id = $1',
    [scheduleId],
  )
  if (row === undefined) throw new Error('no such schedule')
  return row.nextDueAt
}

test('over REST a schedule is added, read, listed, changed and deleted', async () => {
  const keys = await givenKeys()
  const added = await post('add_schedule', {
    ...keys,
    name: 'Nightly',
    collect_mode: 'UPDATE',
    schedule: { hours: [3, 15], minutes: [30] },
    filter: { region: ['eu-1'] },
  })
  expect(added).toMatchObject({
    status: 200,
    body: {
      domain_id: keys.domain_id,
      schedule_id: expect.stringMatching(/^sched-[0-9a-f]{12}$/),
      name: 'Nightly',
      collect_mode: 'UPDATE',
      schedule: { cron: '', interval: 0, hours: [3, 15], minutes: [30] },
      filter: { region: ['eu-1'] },
      created_at: expect.stringMatching(/Z$/),
      last_scheduled_at: '',
      collector_info: { collector_id: keys.collector_id, name: 'Acme', plugin_info: { metadata: FORMAT } },
    },
  })
  const { schedule_id } = added.body
  expect((await nextDueAt(schedule_id)).getUTCMinutes()).toBe(30)

  const one = { ...keys, schedule_id }
  expect((await post('get-schedule', one)).body).toEqual(added.body)
  const other = (await post('add_schedule', { ...keys, name: 'A', schedule: { minutes: [0] } })).body
  expect((await post('list_schedules', keys)).body).toEqual({ results: [other, added.body], total_count: 2 })
  expect((await post('list_schedules', one)).body).toEqual({ results: [added.body], total_count: 1 })
  const minimal = (await post('list_schedules', { ...one, query: { minimal: true } })).body.results[0]
  expect(minimal).toEqual({
    schedule_id,
    name: 'Nightly',
    collect_mode: 'UPDATE',
    schedule: added.body.schedule,
  })
  const query = {
    filter: [
      { k: 'collector_info.name', v: 'Acme', o: 'eq' },
      { k: 'schedule.hours', v: 15, o: 'eq' },
    ],
  }
  expect((await post('list_schedules', { ...keys, query })).body.total_count).toBe(1)

  const changed = await post('update-schedule', { ...one, schedule: { interval: 90 }, filter: {}, name: '' })
  expect(changed.body).toEqual({
    ...added.body,
    name: '',
    filter: {},
    schedule: { cron: '', interval: 90, minutes: [], hours: [] },
  })
  expect((await post('delete-schedule', one)).status).toBe(200)
  expect(await post('get-schedule', one)).toMatchObject({
    status: 404,
    body: { detail: { code: 'ERROR_NOT_FOUND' } },
  })
})

test('over gRPC a change keeps what is not sent, and an empty filter removes the filter', async () => {
  const { domain_id: domainId, collector_id: collectorId } = await givenKeys()
  const add = create(CreateScheduleRequestSchema, {
    domainId,
    collectorId,
    name: 'Nightly',
    schedule: { cron: '0 3 * * MON' },
    filter: { region: ['eu-1'] },
  })
  const added = await api.call(
    '/spaceone.api.inventory.v1.Collector/add_schedule',
    toBinary(CreateScheduleRequestSchema, add),
  )
  expect(added.code).toBe(0)
  const before = fromBinary(ScheduleInfoSchema, added.bytes ?? new Uint8Array())
  expect(before).toMatchObject({ name: 'Nightly', collectMode: 'ALL', schedule: { cron: '0 3 * * MON' } })

  async function update(change: MessageInitShape<typeof UpdateScheduleRequestSchema>) {
    const request = { domainId, collectorId, scheduleId: before.scheduleId, ...change }
    const answer = await api.call(
      '/spaceone.api.inventory.v1.Collector/update_schedule',
      toBinary(UpdateScheduleRequestSchema, create(UpdateScheduleRequestSchema, request)),
    )
    return fromBinary(ScheduleInfoSchema, answer.bytes ?? new Uint8Array())
  }
  expect(await update({ collectMode: 'CREATE' })).toEqual({ ...before, collectMode: 'CREATE' })
  expect(await update({ filter: {} })).toEqual({ ...before, collectMode: 'CREATE', filter: {} })
})

test('a change of the plan sets the next due time, another change leaves it', async () => {
  const key = await givenSchedule({ schedule: { interval: 3_600 } })
  const before = await nextDueAt(key.schedule_id)
  await post('update-schedule', { ...key, name: 'Other' })
  expect(await nextDueAt(key.schedule_id)).toEqual(before)
  await post('update-schedule', { ...key, schedule: { interval: 3_600 } })
  expect((await nextDueAt(key.schedule_id)).getTime()).toBeGreaterThan(before.getTime())
})

describe('a schedule is refused', () => {
  test.each<[string, object, string, string]>([
    ['without a plan', { schedule: undefined }, 'schedule', 'ERROR_REQUIRED_PARAMETER'],
    ['with an empty plan', { schedule: {} }, 'none is given', 'ERROR_INVALID_PARAMETER'],
    [
      'with two kinds',
      { schedule: { cron: '0 3 * * *', hours: [3] } },
      'cron and minutes or hours',
      'ERROR_INVALID_PARAMETER',
    ],
    [
      'for an hour that does not exist',
      { schedule: { hours: [3, 24] } },
      'schedule.hours',
      'ERROR_INVALID_PARAMETER',
    ],
    [
      'for a minute that does not exist',
      { schedule: { minutes: [-1] } },
      'schedule.minutes',
      'ERROR_INVALID_PARAMETER',
    ],
    ['for a negative interval', { schedule: { interval: -1 } }, 'from 1 to 3600', 'ERROR_INVALID_PARAMETER'],
    [
      'for an interval over an hour',
      { schedule: { interval: 3_601 } },
      'from 1 to 3600',
      'ERROR_INVALID_PARAMETER',
    ],
    [
      'for cron with four fields',
      { schedule: { cron: '* * * *' } },
      'five fields',
      'ERROR_INVALID_PARAMETER',
    ],
    [
      'for cron with a year',
      { schedule: { cron: '0 0 0 1 1 * 2030' } },
      'five fields',
      'ERROR_INVALID_PARAMETER',
    ],
    ['for cron with a word', { schedule: { cron: '@daily' } }, 'five fields', 'ERROR_INVALID_PARAMETER'],
    ['for cron out of range', { schedule: { cron: '60 * * * *' } }, 'minute', 'ERROR_INVALID_PARAMETER'],
    [
      'for cron of a day that never comes',
      { schedule: { cron: '0 0 30 2 *' } },
      'never run',
      'ERROR_INVALID_PARAMETER',
    ],
    [
      'for cron without end',
      { schedule: { cron: `${'0,'.repeat(600)}0 * * * *` } },
      '1024',
      'ERROR_INVALID_PARAMETER',
    ],
    ['with a mode that does not exist', { collect_mode: 'SOME' }, 'collect_mode', 'ERROR_INVALID_PARAMETER'],
    ['with a name too long', { name: 'x'.repeat(256) }, 'name', 'ERROR_INVALID_PARAMETER'],
    [
      'with a filter the plugin does not know',
      { filter: { zone: 'a' } },
      'filter.zone',
      'ERROR_UNSUPPORTED_FILTER_KEY',
    ],
    ['without a collector', { collector_id: '' }, 'collector_id', 'ERROR_REQUIRED_PARAMETER'],
  ])('%s, when added and when changed', async (_, changes, words, code) => {
    const key = await givenSchedule()
    const refusal = { status: 400, body: { detail: { code, message: expect.stringContaining(words) } } }
    expect(
      await post('add_schedule', { ...key, schedule_id: undefined, schedule: { hours: [1] }, ...changes }),
    ).toMatchObject(refusal)
    if (!('schedule' in changes) || changes.schedule !== undefined)
      expect(await post('update-schedule', { ...key, ...changes })).toMatchObject(refusal)
    expect((await post('list_schedules', { ...key, schedule_id: undefined })).body.total_count).toBe(1)
  })

  test('with all complaints in one answer', async () => {
    const keys = await givenKeys()
    const body = {
      ...keys,
      collect_mode: 'SOME',
      schedule: { hours: [24], interval: -1 },
      filter: { zone: 'a' },
    }
    const { message } = (await post('add_schedule', body)).body.detail
    for (const word of ['collect_mode', "'schedule'", 'schedule.hours', 'schedule.interval', 'filter.zone'])
      expect(message).toContain(word)
  })

  test('for a collector or a schedule that is not there, or is another one’s', async () => {
    const mine = await givenSchedule()
    const { collector_id } = await givenKeys()
    const unknown = { status: 404, body: { detail: { code: 'ERROR_NOT_FOUND' } } }
    const wrong = { ...mine, collector_id: 'collector-000000000000' }
    expect(
      await post('add_schedule', { ...wrong, schedule_id: undefined, schedule: { hours: [1] } }),
    ).toMatchObject(unknown)
    expect(await post('list_schedules', wrong)).toMatchObject(unknown)
    const second = await post('add_schedule', { ...mine, schedule_id: undefined, schedule: { hours: [1] } })
    for (const key of [wrong, { ...mine, collector_id }, { ...mine, schedule_id: 'sched-000000000000' }]) {
      for (const method of ['get-schedule', 'update-schedule', 'delete-schedule'])
        expect(await post(method, key)).toMatchObject(unknown)
    }
    expect((await post('get-schedule', { ...mine, schedule_id: second.body.schedule_id })).status).toBe(200)
  })
})

describe('what the plugin supports', () => {
  test.each<[string, object, object, boolean]>([
    ['hours stand for minutes', { hours: [3], minutes: [30] }, ['hours'], true],
    ['minutes alone are hours too', { minutes: [30] }, ['hours'], true],
    ['an interval is declared', { interval: 60 }, ['hours', 'interval'], true],
    ['an interval is not declared', { interval: 60 }, ['hours'], false],
    ['cron is not declared', { cron: '0 3 * * *' }, ['hours', 'interval'], false],
    ['nothing is supported', { hours: [3] }, [], false],
  ])('%s', async (_, schedule, supported_schedules, isAllowed) => {
    const keys = await givenKeys({ supported_schedules })
    const added = await post('add_schedule', { ...keys, schedule })
    const refusal = { status: 400, body: { detail: { code: 'ERROR_UNSUPPORTED_SCHEDULE' } } }
    expect(added).toMatchObject(isAllowed ? { status: 200 } : refusal)

    const allowed = await post('add_schedule', { ...keys, schedule }, lenient)
    expect(allowed.status).toBe(200)
    const key = { ...keys, schedule_id: allowed.body.schedule_id }
    expect(await post('update-schedule', { ...key, schedule })).toMatchObject(
      isAllowed ? { status: 200 } : refusal,
    )
    expect((await post('update-schedule', { ...key, name: 'Kept' })).status).toBe(200)
  })
})

test('with its collector a schedule is deleted', async () => {
  const key = await givenSchedule()
  await post('delete', { domain_id: key.domain_id, collector_id: key.collector_id })
  expect(await db.query('select 1 from schedule where domain_id = $1', [key.domain_id])).toEqual([])
})
