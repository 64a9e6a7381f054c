import { afterEach, beforeEach, expect, test } from 'vitest'
import { COLLECTOR, type FakeApi, JOB, PROGRESS, RESOURCE, startFakeApi, TASK } from './fake-api.ts'
import { gleaner } from './gleaner.ts'

let api: FakeApi

beforeEach(async () => {
  api = await startFakeApi()
})
afterEach(() => api.die())

test('status shows the server, its counts by kind and its last jobs', async () => {
  const { code, out } = await gleaner(api.url, ['status'])
  expect(code).toBe(0)
  expect(out).toMatch(/State\s+SERVING/)
  expect(out).toMatch(/version 0\.1\.0/)
  expect(out).toMatch(/Collectors\s+1 collector, 1 enabled/)
  expect(out).toMatch(/host\/Storage\/Disk\s+1\n/)
  expect(out).toMatch(/job-0123456789ab\s+This machine\s+SUCCESS\s+1\/1/)
})

test('a server that does not serve fails status, with its reason and what to do', async () => {
  api.on('/check', () => ({ status: 503, json: { status: 'NOT_SERVING', reason: 'the database is away' } }))
  const { code, out, notices } = await gleaner(api.url, ['status'])
  expect([code, out]).toEqual([1, ''])
  expect(notices).toContain('NOT_SERVING: the database is away')
})

test('an unreachable server fails every command and says how to start one', async () => {
  await api.die()
  for (const args of [
    ['status'],
    ['collectors'],
    ['collect', 'x'],
    ['job', 'job-1'],
    ['resources', '--json'],
  ]) {
    const { code, out, notices } = await gleaner(api.url, args)
    expect([code, out]).toEqual([1, ''])
    expect(notices).toContain('npm start')
  }
})

test('collectors are a table', async () => {
  const { out } = await gleaner(api.url, ['collectors'])
  expect(out.split('\n')).toEqual([
    'ID                      NAME          STATE    PLUGIN       VERSION  LAST COLLECTED',
    'collector-0123456789ab  This machine  ENABLED  plugin-host  0.1.0    1 min ago',
    'Showing 1 of 1 collector.',
    '',
  ])
})

test('a collector is found by id and by name', async () => {
  for (const idOrName of ['collector-0123456789ab', 'This machine']) {
    const { code, out } = await gleaner(api.url, ['collector', idOrName])
    expect(code).toBe(0)
    expect(out).toMatch(/Last collected\s+2026-01-02T03:04:00\.000Z \(1 min ago\)/)
  }
  expect(api.callsOf('/inventory/v1/collector/list').map((call) => call.body)).toEqual([
    { domain_id: 'domain-000000000001', name: 'This machine' },
  ])
})

test('a name that several collectors have starts nothing and lists them', async () => {
  const twins = [COLLECTOR, { ...COLLECTOR, collector_id: 'collector-ffffffffffff', state: 'DISABLED' }]
  api.on('/inventory/v1/collector/list', () => ({ json: { results: twins, total_count: 2 } }))
  const { code, notices } = await gleaner(api.url, ['collect', 'This machine'])
  expect(code).toBe(1)
  expect(notices).toContain("2 collectors are named 'This machine'")
  expect(notices).toContain('collector-ffffffffffff')
  expect(api.callsOf('/inventory/v1/collector/collect')).toEqual([])
})

test('an unknown name lists the collectors there are', async () => {
  api.on('/inventory/v1/collector/list', ({ body }) => ({
    json: { results: 'name' in body ? [] : [COLLECTOR], total_count: 0 },
  }))
  const { code, notices } = await gleaner(api.url, ['collect', 'That machine'])
  expect(code).toBe(1)
  expect(notices).toContain("collector 'That machine' not found. There are:\n  collector-0123456789ab")
})

test('collect prints the id of the job and passes on what was chosen', async () => {
  const { code, out } = await gleaner(api.url, [
    'collect',
    COLLECTOR.collector_id,
    '--mode',
    'create',
    '--secret',
    'secret-1',
  ])
  expect([code, out]).toEqual([0, 'job-0123456789ab\n'])
  expect(api.callsOf('/inventory/v1/collector/collect')[0]?.body).toEqual({
    domain_id: 'domain-000000000001',
    collector_id: COLLECTOR.collector_id,
    collect_mode: 'CREATE',
    secret_id: 'secret-1',
  })
})

test('jobs are filtered and counted', async () => {
  const { out } = await gleaner(api.url, [
    'jobs',
    '--status',
    'success',
    '--collector',
    'This machine',
    '--limit',
    '3',
  ])
  expect(out).toMatch(
    /job-0123456789ab\s+This machine\s+SUCCESS\s+1\/1\s+1 min ago\s+3\.2 s\nShowing 1 of 1 job\./,
  )
  expect(api.callsOf('/inventory/v1/job/list')[0]?.body).toEqual({
    domain_id: 'domain-000000000001',
    collector_id: COLLECTOR.collector_id,
    status: 'SUCCESS',
    query: { page: { limit: 3 } },
  })
})

test('a job shows its tasks, every part of its errors, and what its outcome means', async () => {
  const failed = {
    ...PROGRESS,
    status: 'ERROR',
    partial: true,
    tasks: [{ ...TASK, status: 'FAILURE', failure_count: 1 }],
  }
  const message =
    "resource 'vol-1' was refused: it has no name. The rest was taken. Fix the plugin and collect again."
  const error = { error_code: 'ERROR_RESOURCE', message, additional: { resource_id: 'vol-1' } }
  api.on('/gleaner/v1/job-progress/get', () => ({ json: failed }))
  api.on('/inventory/v1/job-task/list', () => ({
    json: { results: [{ job_task_id: TASK.job_task_id, secret_id: 'secret-9', errors: [error] }] },
  }))
  const { code, out } = await gleaner(api.url, ['job', JOB.job_id])
  expect(code).toBe(0)
  expect(out).toMatch(/job_task-0123456789ab\s+FAILURE\s+secret-9\s+1\s+1,234\s+12\s+3\s+1,219\s+1\s+3\.1 s/)
  expect(out.replaceAll(/\s+/g, ' ')).toContain(`Errors (1) ERROR_RESOURCE ${message} resource_id vol-1`)
  expect(out).toContain('ERROR, incomplete')
  expect(out).toContain('more may exist. Nothing counts as gone because of this run.')
})

test('a job that read only a part says what it deleted all the same', async () => {
  api.on('/gleaner/v1/job-progress/get', () => ({ json: { ...PROGRESS, status: 'ERROR', partial: true } }))
  api.on('/inventory/v1/job-task/list', () => ({
    json: { results: [{ job_task_id: TASK.job_task_id, deleted_count: 2, errors: [] }] },
  }))
  const { out } = await gleaner(api.url, ['job', JOB.job_id])
  expect(out).toContain('more may exist. 2 resources that complete lists no longer hold were deleted.')
  expect(out).not.toContain('Nothing counts as gone')
})

test('resources are asked for with every selector, and only for what the table shows', async () => {
  const args = ['resources', '--provider', 'host', '--group', 'Storage', '--type', 'Disk', '--region', 'r']
  const more = [
    '--account',
    'a',
    '--keyword',
    'sd a',
    '--filter',
    'data.size_bytes=1024',
    '--limit',
    '10',
    '--page',
    '3',
  ]
  const { code, out } = await gleaner(api.url, [...args, ...more])
  expect(code).toBe(0)
  expect(out).toMatch(/sda\s+host\/Storage\/Disk\s+-\s+machine-1\s+cloud-svc-0123456789ab\s+1 min ago/)
  const { query, ...selectors } = api.callsOf('/inventory/v1/cloud-service/list')[0]?.body ?? {}
  expect(selectors).toEqual({
    domain_id: 'domain-000000000001',
    provider: 'host',
    cloud_service_group: 'Storage',
    cloud_service_type: 'Disk',
    region_code: 'r',
    account: 'a',
  })
  expect(query).toMatchObject({
    filter: [{ key: 'data.size_bytes', operator: 'in', value: ['1024', 1024] }],
    page: { start: 21, limit: 10 },
    keyword: 'sd a',
    only: expect.arrayContaining(['name']),
  })
})

test('the footer says how much more there is', async () => {
  api.on('/inventory/v1/cloud-service/list', () => ({ json: { results: [RESOURCE], total_count: 1234 } }))
  expect((await gleaner(api.url, ['resources', '--limit', '1'])).out).toContain(
    'Showing 1 of 1,234 resources; the next page is --page 2.',
  )
})

test('--only chooses the columns, with paths into documents and lists', async () => {
  const { out } = await gleaner(api.url, ['resources', '--only', 'name,data.size_bytes,data.partitions.name'])
  expect(out.split('\n').slice(0, 2)).toEqual([
    'name  data.size_bytes  data.partitions.name',
    'sda              1024  ["sda1","sda2"]',
  ])
})

test('a resource shows its facts and its document', async () => {
  const { out } = await gleaner(api.url, ['resource', RESOURCE.cloud_service_id])
  expect(out).toMatch(/Kind\s+host\/Storage\/Disk/)
  expect(out).toMatch(/Collected by\s+collector-0123456789ab 1 min ago/)
  expect(JSON.parse(out.slice(out.indexOf('{')))).toEqual(RESOURCE.data)
})

test.each([
  ['collectors', '/inventory/v1/collector/list', ['collectors']],
  ['collector', '/inventory/v1/collector/get', ['collector', COLLECTOR.collector_id]],
  ['collect', '/inventory/v1/collector/collect', ['collect', COLLECTOR.collector_id]],
  ['jobs', '/inventory/v1/job/list', ['jobs']],
  ['resources', '/inventory/v1/cloud-service/list', ['resources']],
  ['resource', '/inventory/v1/cloud-service/get', ['resource', RESOURCE.cloud_service_id]],
])("%s --json is the API's own document and nothing else", async (_, path, args) => {
  const text = '{"results":[],"big":12345678901234567890,"evil":"\\u001b[2J\u009b\u202e"}'
  api.on(path, () => ({ text }))
  const { code, out, notices } = await gleaner(api.url, [...args, '--json'], { columns: 80 })
  expect([code, notices]).toEqual([0, ''])
  expect(out).toBe(`${text.replace('\u009b', '\\u009b').replace('\u202e', '\\u202e')}\n`)
})

test.each([['status'], ['job', JOB.job_id], ['collect', COLLECTOR.collector_id, '--watch']])(
  '%s --json is one document of several answers',
  async (...args) => {
    const { out } = await gleaner(api.url, [...args, '--json'])
    expect(JSON.parse(out)).toMatchObject(
      args[0] === 'status'
        ? {
            check: { status: 'SERVING' },
            version: '0.1.0',
            resources: { total_count: 1 },
            jobs: { total_count: 1 },
          }
        : { job: JOB, progress: PROGRESS, tasks: { total_count: 1 } },
    )
  },
)

test('an error of the API is shown with its code and message, as they are', async () => {
  api.on('/inventory/v1/cloud-service/get', () => ({
    status: 404,
    json: { detail: { code: 'ERROR_NOT_FOUND', message: "cloud service 'x' not found" } },
  }))
  const { code, out, notices } = await gleaner(api.url, ['resource', 'x', '--json'])
  expect([code, out, notices]).toEqual([1, '', "error: ERROR_NOT_FOUND: cloud service 'x' not found\n"])
})

test('something else than a Gleaner server is recognized', async () => {
  api.on('/inventory/v1/job/list', () => ({ text: '<html>\u001b[2Jhello</html>' }))
  const { code, notices } = await gleaner(api.url, ['jobs'])
  expect(code).toBe(1)
  expect(notices).toContain('not as a Gleaner server does')
  expect(notices).not.toContain('\u001b')
})

test.each([
  [[], 'Usage: gleaner'],
  [['colectors'], 'Did you mean collectors?'],
  [['resources', '--limit', '0'], 'whole number from 1 to 1000'],
  [['resources', '--regoin', 'x'], 'Did you mean --region?'],
  [['jobs', '--status', 'good'], 'one of CREATED'],
  [['collect'], "missing required argument 'id-or-name'"],
  [['resources', '--filter', 'nonsense'], 'is no condition'],
  [['status', '--url', 'nonsense'], 'is no address'],
  [['status', '--url', 'ftp://127.0.0.1/'], 'is no address'],
])('%j cannot be used, and says why', async (args, reason) => {
  const { code, out, notices } = await gleaner(api.url, args)
  expect([code, out]).toEqual([2, ''])
  expect(notices).toContain(reason)
  expect(api.calls).toEqual([])
})

test('every command explains itself with an example', async () => {
  const { out } = await gleaner(api.url, ['--help'])
  const commands = [...out.matchAll(/^ {2}([a-z][a-z-]*) .*[a-z]/gm)].map(([, name = '']) => name)
  expect(commands).toEqual(
    expect.arrayContaining(['status', 'collect', 'resources', 'jobs', 'service-accounts']),
  )
  for (const command of commands.filter((name) => name !== 'help')) {
    const { code, out: help } = await gleaner(api.url, [command, '--help'])
    expect(code).toBe(0)
    expect(help).toContain(`$ gleaner ${command}`)
    expect(help).toContain('--json')
  }
})

test('colours are for terminals only, and can be switched off', async () => {
  const colored = { env: { NO_COLOR: '' }, columns: 80 }
  expect((await gleaner(api.url, ['collectors'], colored)).out).toContain('\u001b[32m')
  expect((await gleaner(api.url, ['collectors', '--no-color'], colored)).out).not.toContain('\u001b')
  expect((await gleaner(api.url, ['collectors'], { columns: 80 })).out).not.toContain('\u001b')
  expect((await gleaner(api.url, ['collectors'], { env: { NO_COLOR: '' } })).out).not.toContain('\u001b')
})
