import { expect, test } from 'vitest'
import { startFakeApi, TASK } from './fake-api.ts'
import { gleaner } from './gleaner.ts'

const CONTROLS = Array.from({ length: 0x20 }, (_, code) => String.fromCharCode(code)).join('')
const EVIL = `evil${CONTROLS}\u007f\u0080\u009b2J\u202etxt\u2066\u2028\u001b]52;c;YQ==\u0007`

/** Replaces every text inside a document, keys of free documents included. */
function poison(value: unknown, key = ''): unknown {
  if (typeof value === 'string') return KEPT.includes(key) || key.endsWith('_at') ? value : EVIL
  if (Array.isArray(value)) return value.map((element) => poison(element, key))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, poison(each, name)]))
}

// What steers the commands; everything else is only shown.
const KEPT = ['status', 'collector_id', 'job_id']

const ERRORS = [{ error_code: EVIL, message: EVIL, additional: { [EVIL]: EVIL } }]

test.each([
  ['status'],
  ['collectors'],
  ['collectors', 'show', 'collector-0123456789ab'],
  ['jobs'],
  ['jobs', 'show', 'job-0123456789ab'],
  ['collect', 'collector-0123456789ab', '--watch'],
  ['resources'],
  ['resources', '--only', `name,data.${EVIL}`],
  ['resources', 'show', 'cloud-svc-0123456789ab'],
])('no control byte of collected text reaches the terminal from: %s', async (...args) => {
  const clean = await startFakeApi()
  const answers = await startFakeApi()
  for (const path of PATHS) {
    answers.on(path, async ({ body }) => {
      const response = await fetch(`${clean.url}${path}`, { method: 'POST', body: JSON.stringify(body) })
      return { json: poison(await response.json()) }
    })
  }
  answers.on('/inventory/v1/cloud-service/get', () => ({
    json: { name: EVIL, data: { [EVIL]: [EVIL] }, tags: { [EVIL]: EVIL } },
  }))
  answers.on('/inventory/v1/job-task/list', () => ({
    json: { results: [{ job_task_id: EVIL, errors: ERRORS }] },
  }))
  answers.on('/gleaner/v1/job-progress/get', () => ({
    json: { status: 'ERROR', finished: true, tasks: [{ ...TASK, job_task_id: EVIL, warnings: [EVIL] }] },
  }))
  const { out, notices } = await gleaner(answers.url, args)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  const forbidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e\u2066\u2028]/
  expect(out + notices).toContain('evil')
  expect(out).not.toMatch(forbidden)
  expect(notices).not.toMatch(forbidden)
  await Promise.all([clean.die(), answers.die()])
})

const PATHS = [
  '/inventory/v1/collector/list',
  '/inventory/v1/collector/get',
  '/inventory/v1/collector/collect',
  '/inventory/v1/job/list',
  '/inventory/v1/job/get',
  '/inventory/v1/cloud-service/list',
  '/inventory/v1/cloud-service/stat',
]

test('an error message of the server cannot paint the terminal either', async () => {
  const api = await startFakeApi({
    '/inventory/v1/job/list': () => ({ status: 400, json: { detail: { code: EVIL, message: EVIL } } }),
  })
  const { notices } = await gleaner(api.url, ['jobs'])
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  expect(notices).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/)
  await api.die()
})
