import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { COLLECTOR, type FakeApi, JOB, PROGRESS, startFakeApi, TASK } from './fake-api.ts'
import { gleaner } from './gleaner.ts'

const PATH = '/gleaner/v1/job-progress/get'
const EVENTS = `/gleaner/v1/events?domain_id=${COLLECTOR.domain_id}&job_id=${JOB.job_id}&types=job%2Cjob_task`
const WATCH = ['collect', COLLECTOR.collector_id, '--watch']
const RUNNING = {
  ...PROGRESS,
  status: 'IN_PROGRESS',
  finished: false,
  tasks: [{ ...TASK, status: 'IN_PROGRESS', seen_count: 100, finished_at: '' }],
}

let api: FakeApi

beforeEach(async () => {
  api = await startFakeApi({ '/inventory/v1/job/list': () => ({ json: { results: [], total_count: 0 } }) })
})
afterEach(() => api.die())

/** Answers the looks at a job one after the other; the last answer stays. */
function play(...answers: readonly object[]): void {
  let at = 0
  api.on(PATH, () => ({ json: answers[Math.min(at++, answers.length - 1)] }))
}

test.each([
  ['SUCCESS', false, 0],
  ['ERROR', true, 4],
  ['TIMEOUT', true, 4],
  ['CANCELED', true, 4],
  ['ERROR', false, 1],
  ['CANCELED', false, 1],
])('a job that ends %s (partial: %s) ends watching with %i', async (status, partial, code) => {
  play(RUNNING, { ...PROGRESS, status, partial })
  const ran = await gleaner(api.url, WATCH, { patienceMs: 1_000 })
  expect(ran.code).toBe(code)
  expect(ran.out).toContain(`${status}${partial ? ', incomplete' : ''}: 'This machine'`)
})

test('without a terminal each change of state is one line', async () => {
  const waiting = { ...RUNNING, status: 'CREATED', tasks: [{ ...TASK, status: 'PENDING', attempt: 0 }] }
  play(waiting, waiting, RUNNING, RUNNING, PROGRESS)
  const { notices, out } = await gleaner(api.url, WATCH, { patienceMs: 1_000 })
  expect(notices.trimEnd().split('\n')).toEqual([
    'job_task-0123456789ab: PENDING',
    'job_task-0123456789ab: IN_PROGRESS, attempt 1',
    'job_task-0123456789ab: SUCCESS in 3.1 s: 1,234 resources seen, 12 created, 3 updated, 1,219 unchanged',
  ])
  expect(out).toMatch(/^job-0123456789ab\n\nTASK .*\njob_task-0123456789ab\s+SUCCESS/)
})

test('on a terminal a line for each task is drawn over the last one', async () => {
  play(RUNNING, { ...RUNNING, tasks: [{ ...RUNNING.tasks[0], seen_count: 200 }] }, PROGRESS)
  const { notices } = await gleaner(api.url, WATCH, { columns: 90, patienceMs: 1_000 })
  expect(notices).toContain('\r\u001b[1A\u001b[J')
  expect(notices).toContain('100 seen')
  expect(notices).toContain('200 seen')
  expect(notices.split('\u001b[J').at(-1)).toMatch(/^✓ collecting {2}1,234 seen .* 3\.1 s\n$/)
})

test('the bar is measured against the last complete run', async () => {
  const last = { ...PROGRESS, job_id: 'job-last', tasks: [{ ...TASK, seen_count: 200 }] }
  api.on('/inventory/v1/job/list', () => ({
    json: { results: [{ ...JOB, job_id: 'job-last' }], total_count: 1 },
  }))
  let looks = 0
  api.on(PATH, ({ body }) => {
    if (body.job_id === 'job-last') return { json: last }
    return { json: looks++ === 0 ? RUNNING : PROGRESS }
  })
  const { notices } = await gleaner(api.url, WATCH, { columns: 120, patienceMs: 1_000 })
  expect(notices).toContain('50 %')
})

test('where events come, the job is looked at when one says so', async () => {
  let hasEnded = false
  async function* events() {
    yield `data: ${JSON.stringify({ cursor: '1.0', type: 'job_task.started' })}\n\n`
    await pause(3_000)
    hasEnded = true
    yield `data: ${JSON.stringify({ cursor: '2.0', type: 'job.ended' })}\n\n`
  }
  api.on(PATH, () => ({ json: hasEnded ? PROGRESS : RUNNING }))
  api.on(EVENTS, () => ({ events: events() }))
  const { code } = await gleaner(api.url, WATCH, { patienceMs: 20_000 })
  expect(code).toBe(0)
  expect(api.callsOf(PATH).length).toBeLessThanOrEqual(6)
})

test('a stream of events that breaks off leaves the job watched', async () => {
  async function* events() {
    yield `data: ${JSON.stringify({ cursor: '1.0', type: 'job_task.started' })}\n\n`
  }
  api.on(EVENTS, () => ({ events: events() }))
  play(RUNNING, RUNNING, RUNNING, PROGRESS)
  const { code } = await gleaner(api.url, WATCH, { patienceMs: 20_000 })
  expect(code).toBe(0)
})

test('a server that restarts is waited for', async () => {
  let looks = 0
  api.on(PATH, () => {
    looks += 1
    const stopping = { detail: { code: 'ERROR_SERVER_STOPPING', message: 'stopping' } }
    if (looks === 2 || looks === 3) return { status: 503, json: stopping }
    return { json: looks < 5 ? RUNNING : PROGRESS }
  })
  const { code, notices } = await gleaner(api.url, WATCH, { patienceMs: 20_000 })
  expect(code).toBe(0)
  expect(notices.match(/does not answer/g)).toHaveLength(1)
})

test('a server that dies while it is watched fails the command, and says where to find the job', async () => {
  play(RUNNING)
  const { code, notices } = await gleaner(api.url, WATCH, {
    patienceMs: 300,
    onNotice: (text) => text.includes('IN_PROGRESS') && api.die(),
  })
  expect(code).toBe(1)
  expect(notices).toContain('gleaner jobs job-0123456789ab')
  expect(notices).toContain('no Gleaner server answers')
})

test('a job that is gone ends watching at once', async () => {
  api.on(PATH, () => ({ status: 404, json: { detail: { code: 'ERROR_NOT_FOUND', message: 'job gone' } } }))
  const { code, notices } = await gleaner(api.url, WATCH, { patienceMs: 600_000 })
  expect(code).toBe(1)
  expect(notices).toContain('ERROR_NOT_FOUND: job gone')
})

test('an interrupt stops watching, not the job', async () => {
  play(RUNNING)
  const interrupt = new AbortController()
  const { code, notices } = await gleaner(api.url, WATCH, {
    signal: interrupt.signal,
    onNotice: (text) => text.includes('IN_PROGRESS') && interrupt.abort(),
  })
  expect(code).toBe(130)
  expect(notices).toContain('Stopped watching, not the job: see it with `gleaner jobs job-0123456789ab`.')
  expect(api.calls.map((call) => call.path)).not.toContain('/inventory/v1/job/delete')
})

test('--json shows no progress on a pipe', async () => {
  play(RUNNING, PROGRESS)
  const { code, out, notices } = await gleaner(api.url, [...WATCH, '--json'], { patienceMs: 1_000 })
  expect([code, notices]).toEqual([0, ''])
  expect(JSON.parse(out).progress.status).toBe('SUCCESS')
})
