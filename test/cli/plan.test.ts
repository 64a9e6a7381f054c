import { afterEach, beforeEach, expect, test } from 'vitest'
import { COLLECTOR, type FakeApi, PROGRESS, startFakeApi } from './fake-api.ts'
import { gleaner } from './gleaner.ts'

let api: FakeApi

beforeEach(async () => {
  api = await startFakeApi()
})
afterEach(() => api.die())

const POLICY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: ['sns:ListTopics'], Resource: '*' }],
}
const SECRET = {
  secret_id: 'secret-1',
  apis: [
    {
      api: 'ec2',
      calls: 1234,
      seconds: 56.7,
      basis: 'declared',
      permissions: ['ec2:A', 'ec2:B', 'ec2:C', 'ec2:D'],
    },
    { api: 'sns', calls: 3, seconds: 0, permissions: ['sns:ListTopics'] },
  ],
  calls: 1237,
  seconds: 56.7,
  policies: [POLICY],
  notes: ['Nothing was collected before.'],
}
const FAILED = { secret_id: 'secret-2', error_code: 'ERROR_AWAY', error_message: 'the cloud said no' }
const PLAN = {
  collector_id: COLLECTOR.collector_id,
  plugin_id: 'plugin-aws',
  plugin_version: '0.1.0',
  predicts: true,
  permissions: ['ec2:A', 'ec2:B', 'ec2:C', 'ec2:D', 'sns:ListTopics'],
  calls: 1237,
  seconds: 56.7,
  secrets: [SECRET],
}

function planned(plan: object, ...args: readonly string[]) {
  api.on('/gleaner/v1/collector-plan/get', () => ({ json: plan }))
  return gleaner(api.url, ['plan', 'This machine', ...args])
}

test('a plan is a table by API with a total, and what is assumed', async () => {
  const { code, out } = await planned(PLAN)
  expect(code).toBe(0)
  expect(out.split('\n')).toEqual([
    'Secret secret-1',
    'API  CALLS   ABOUT  TIME IS   PERMISSIONS',
    'ec2  1,234  56.7 s  declared  ec2:A, ec2:B and 2 more',
    'sns      3       -  -         sns:ListTopics',
    '',
    'Notes',
    '- Nothing was collected before.',
    '',
    "Collecting 'This machine' takes 1,237 calls, 5 permissions; asking takes about 56.7 s.",
    '',
  ])
})

test('--policy prints nothing but the policy, and the same one only once', async () => {
  const { code, notices, out } = await planned({ ...PLAN, secrets: [SECRET, SECRET] }, '--policy')
  expect([code, notices, JSON.parse(out)]).toEqual([0, '', POLICY])
})

test('documents that differ come one after the other, and it is said beside them', async () => {
  const other = { ...SECRET, policies: [{ Version: 'x' }] }
  const { code, notices, out } = await planned({ ...PLAN, secrets: [SECRET, other] }, '--policy')
  expect([code, out]).toEqual([0, `${JSON.stringify(POLICY, null, 2)}\n{\n  "Version": "x"\n}\n`])
  expect(notices).toContain('2 documents')
})

test('a secret that cannot be planned makes it incomplete, and none at all a failure', async () => {
  const partly = await planned({ ...PLAN, secrets: [SECRET, FAILED] })
  expect(partly.code).toBe(4)
  expect(partly.out).toContain('Secret secret-2\nNot planned: ERROR_AWAY: the cloud said no\n')
  expect((await planned({ ...PLAN, secrets: [FAILED] })).code).toBe(1)
  const without = await planned({ ...PLAN, secrets: [FAILED] }, '--policy')
  expect([without.code, without.out]).toEqual([1, ''])
  expect(without.notices).toContain('There is no policy: ERROR_AWAY')
})

test('a plugin that predicts nothing is told as such, with what it has to be allowed', async () => {
  const plan = { ...PLAN, predicts: false, calls: 0, seconds: 0, secrets: [] }
  const { code, notices, out } = await planned(plan)
  expect(code).toBe(4)
  expect(out).toContain('It has to be allowed: ec2:A, ec2:B')
  expect(notices).toContain("The plugin 'plugin-aws' predicts nothing")
  expect((await planned(plan, '--policy')).code).toBe(1)
})

test('--json is the answer as it is, and one secret can be named', async () => {
  const { out } = await planned(PLAN, '--json', '--secret', 'secret-1')
  expect(JSON.parse(out)).toEqual(PLAN)
  expect(api.callsOf('/gleaner/v1/collector-plan/get')[0]?.body).toEqual({
    domain_id: 'domain-000000000001',
    collector_id: COLLECTOR.collector_id,
    secret_id: 'secret-1',
  })
})

test('a plugin that calls no provider takes no calls', async () => {
  const { code, out } = await planned({
    ...PLAN,
    calls: 0,
    secrets: [{ secret_id: '', notes: ['It is here.'] }],
  })
  expect([code, out]).toEqual([0, "Notes\n- It is here.\n\nCollecting 'This machine' takes no calls.\n"])
})

test('a job shows the calls that were predicted beside those that were made', async () => {
  const calls = [
    { api: 'cloudformation', predicted: 0, made: 17, throttled: 0, retried: 0, wait_seconds: 0.25 },
    {
      api: 'ec2',
      predicted: 1200,
      made: 1234,
      throttled: 30,
      retried: 34,
      wait_seconds: 61,
      predicted_seconds: 55,
      busy_seconds: 62,
    },
  ]
  api.on('/gleaner/v1/job-progress/get', () => ({ json: { ...PROGRESS, calls, predicted_seconds: 57 } }))
  const { out } = await gleaner(api.url, ['jobs', 'show', PROGRESS.job_id])
  expect(out).toMatch(/^Expected +about 57\.0 s of asking the provider$/m)
  expect(out).toContain(
    `
API             PREDICTED  CALLS  THROTTLED  RETRIED      WAITED  EXPECTED        TOOK
cloudformation          -     17          0        0      250 ms         -           -
ec2                 1,200  1,234         30       34  1 min 01 s    55.0 s  1 min 02 s
all                 1,200  1,251         30       34  1 min 01 s         -           -
`,
  )
})
