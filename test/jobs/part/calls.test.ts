import { create } from '@bufbuild/protobuf'
import { afterAll, expect, test } from 'vitest'
import { ApiCallsSchema, ForecastSchema } from '../../../src/gen/gleaner/plugin/v1/extension_pb.ts'
import { getJobProgress } from '../../../src/jobs/index.ts'
import type { CollectCall } from '../../../src/plugins/index.ts'
import { bucket } from '../../inventory/write/support.ts'
import { pluginFailure } from '../scripted-plugins.ts'
import { openWorkshop, runToEnd } from '../support.ts'

const workshop = await openWorkshop()
const { context, db, givenCollector, givenWorker, startJob } = workshop
afterAll(workshop.close)

const COUNTS = {
  predicted: 9,
  throttled: 2,
  retried: 3,
  waitSeconds: 0.5,
  predictedSeconds: 4,
  busySeconds: 2,
  answerSeconds: 8,
  rate: 20,
  burst: 100,
}
const TWICE = {
  predicted: 18,
  throttled: 4,
  retried: 6,
  waitSeconds: 1,
  predictedSeconds: 8,
  busySeconds: 4,
  answerSeconds: 16,
  rate: 20,
  burst: 100,
}
const tells = ({ observer }: CollectCall, api: string, made: number) =>
  observer?.called?.(create(ApiCallsSchema, { api, made, ...COUNTS }))
const counted = (api: string, made: number) => ({ api, made, ...COUNTS })

test('a job shows the calls of its tasks, each and together; the last word on an API counts', async () => {
  const collector = await givenCollector({
    getTasks: () => [{ part: 1 }, { part: 2 }],
    async *collect(call) {
      const part = Number(call.taskOptions?.part)
      yield [bucket({ id: `r-${part}` })]
      tells(call, 'keys', 1)
      tells(call, 'disks', 5)
      tells(call, 'disks', 10 * part)
      call.observer?.forecast?.(create(ForecastSchema, { seconds: 10 * part }))
    },
  })
  await givenWorker()
  const job = await startJob(collector)
  await runToEnd(db, job)

  const { calls, predictedSeconds, tasks = [] } = await getJobProgress(context(), job)
  expect(tasks.map((task) => task.calls)).toEqual(
    [10, 20].map((made) => [counted('disks', made), counted('keys', 1)]),
  )
  expect(calls).toEqual([
    { api: 'disks', made: 30, ...TWICE },
    { api: 'keys', made: 2, ...TWICE },
  ])
  // One after the other, since they are of one secret.
  expect([predictedSeconds, tasks.map((task) => task.predictedSeconds)]).toEqual([30, [10, 20]])
})

test('what a failed attempt has called is told, and what is there and what was measured is told to the next run', async () => {
  const known: unknown[] = []
  const measured: unknown[] = []
  const collector = await givenCollector({
    async *collect(call) {
      known.push(call.known)
      measured.push(call.measured)
      yield [bucket({ id: 'r-1' }), bucket({ id: 'r-2' })]
      tells(call, 'disks', 7)
      if (known.length === 2) throw pluginFailure(false)
    },
  })
  await givenWorker()
  await runToEnd(db, await startJob(collector))
  const job = await startJob(collector)
  await runToEnd(db, job)

  expect(await getJobProgress(context(), job)).toMatchObject({
    status: 'ERROR',
    calls: [counted('disks', 7)],
  })
  expect(known).toEqual([[], [expect.objectContaining({ resources: 2 })]])
  const disks = { api: 'disks', calls: 7 - 2, answerSeconds: 8, busySeconds: 2, rate: 20, burst: 100 }
  expect(measured).toEqual([[], [disks]])
})

test('a plugin that floods names fills no row with them', async () => {
  const collector = await givenCollector({
    async *collect(call) {
      yield [bucket({ id: 'r-1' })]
      for (let api = 0; api < 1_000; api++) tells(call, `api-${api}`, 1)
      tells(call, 'x'.repeat(1_000), 1)
    },
  })
  await givenWorker()
  const job = await startJob(collector)
  await runToEnd(db, job)
  expect((await getJobProgress(context(), job)).calls).toHaveLength(200)
})
