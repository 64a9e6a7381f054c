import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureDomain } from '../../src/access/index.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { gleaner as runAt } from './gleaner.ts'

const DOMAIN = 'domain-000000000001'

let server: TestApp
let folder: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gleaner-cli-'))
  server = await startTestApp({ args: ['--roles', 'api'] })
  await ensureDomain(server.database.db, { domainId: DOMAIN, name: 'Shop', now: new Date() })
  await gleaner('collectors', 'create', 'Mine', '--plugin', 'plugin-host')
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

const run = (...args: readonly string[]) => runAt(server.url, args)

/** What a command prints that has to succeed. */
async function gleaner(...args: readonly string[]): Promise<string> {
  const { code, out, notices } = await run(...args)
  expect({ code, notices: code === 0 ? '' : notices }).toEqual({ code: 0, notices: '' })
  return out
}

const json = async (...args: readonly string[]) => JSON.parse(await gleaner(...args, '--json'))

function givenData(name: string): string {
  const path = join(folder, `${name}.json`)
  writeFileSync(path, JSON.stringify({ token: name }))
  return path
}

async function givenSecret(name: string, ...more: readonly string[]): Promise<string> {
  return (await json('secrets', 'create', name, '--data-file', givenData(name), ...more)).secret_id
}

test('projects, accounts, secrets and secret groups get another name', async () => {
  const project = (await gleaner('projects', 'create', 'Shop')).trim()
  const account = (
    await gleaner('service-accounts', 'create', 'Old', '--provider', 'acme', '--data', '{"id": "1"}')
  ).trim()
  const group = (await gleaner('secret-groups', 'create', 'Old')).trim()
  const secret = await givenSecret('Old')
  for (const [noun, id] of [
    ['projects', project],
    ['service-accounts', account],
    ['secret-groups', group],
    ['secrets', secret],
  ] as const) {
    expect(await gleaner(noun, 'rename', id, `New ${noun}`)).toBe(`${id} is named New ${noun} now.\n`)
    expect(await gleaner(noun, 'list')).toMatch(new RegExp(`${id} +New ${noun}`))
  }
})

test('a secret is stored for a provider in one command, and collectors of that provider use it', async () => {
  const early = await run('collectors', 'create', 'Early', '--plugin', 'plugin-host', '--provider', 'acme2')
  expect(early.notices).toContain('gleaner secrets create NAME --provider acme2 --data-file FILE')

  const stored = await run('secrets', 'create', 'Key', '--provider', 'acme2', '--data-file', givenData('Key'))
  expect(stored).toMatchObject({ code: 0, notices: expect.stringContaining('--provider acme2') })
  const [secret] = (await json('secrets')).results.filter(
    ({ provider }: { provider: string }) => provider === 'acme2',
  )
  expect(secret).toMatchObject({ name: 'Key', service_account_id: expect.stringMatching(/^sa-/) })

  const late = await run('collectors', 'create', 'Late', '--plugin', 'plugin-host', '--provider', 'acme2')
  expect(late.notices).toBe('')
  const job = await json('collect', 'Late')
  expect(await tasksOf(job.job_id)).toEqual([{ secretId: secret.secret_id }])
})

const tasksOf = (jobId: string) =>
  server.database.db.query('select secret_id from job_task where job_id = $1', [jobId])

test('a secret that is refused leaves no service account behind', async () => {
  const before = (await json('service-accounts')).total_count
  const schema = 'x'.repeat(41)
  const args = ['--provider', 'acme', '--schema', schema, '--data-file', givenData('Key')]
  expect((await run('secrets', 'create', 'Key', ...args)).code).toBe(1)
  expect((await json('service-accounts')).total_count).toBe(before)
  const both = ['--provider', 'a', '--service-account', 'sa-0123456789ab', '--data-file', givenData('Key')]
  expect(await run('secrets', 'create', 'Key', ...both)).toMatchObject({ code: 2 })
})

test('a secret without a provider says who will use it', async () => {
  const { out, notices } = await run('secrets', 'create', 'Plain', '--data-file', givenData('Plain'))
  const [id] = /secret-[0-9a-f]{12}/.exec(out) ?? []
  expect(notices).toContain(`--secret ${id}`)
})

test('the data of a secret are replaced from a file, and never shown', async () => {
  const id = await givenSecret('Rotated')
  const sealed = () => server.database.db.query('select sealed from secret where secret_id = $1', [id])
  const before = await sealed()
  const out = await gleaner(
    'secrets',
    'update-data',
    id,
    '--data-file',
    givenData('hunter2'),
    '--schema',
    's',
  )
  expect(out).toBe(`${id} has new data.\n`)
  expect(await sealed()).not.toEqual(before)
  expect((await json('secrets')).results).toContainEqual(
    expect.objectContaining({ secret_id: id, schema: 's' }),
  )
  expect(await run('secrets', 'update-data', id, '--data', '{}')).toMatchObject({ code: 2 })
})

test('secrets are put into a group, shown there, and taken out', async () => {
  const [inside, outside] = [await givenSecret('Inside'), await givenSecret('Outside')]
  const group = (await gleaner('secret-groups', 'create', 'Production')).trim()
  expect(await gleaner('secret-groups', 'add', group, inside)).toBe(`${inside} is in ${group}.\n`)
  const shown = await gleaner('secret-groups', group)
  expect(shown).toMatch(
    new RegExp(`Name +Production[\\s\\S]*${inside} +Inside[\\s\\S]*Showing 1 of 1 secret\\.`),
  )
  expect(shown).not.toContain(outside)
  expect(await json('secret-groups', group)).toMatchObject({
    group: { name: 'Production' },
    secrets: { results: [{ secret_id: inside }], total_count: 1 },
  })
  expect(await gleaner('secret-groups', 'remove', group, inside)).toBe(`${inside} is not in ${group}.\n`)
  expect(await gleaner('secret-groups', 'delete', group)).toBe(`Deleted ${group}.\n`)
  expect(await gleaner('secret-groups')).not.toContain(group)
})

const COPY_SECRET = `
insert into secret
select copied.*
  from secret s, generate_series(1, 1000) n,
       jsonb_populate_record(s, jsonb_build_object('secret_id', 'secret-' || lpad(n::text, 12, '0'))) copied
 where s.secret_id = $1`

test('a group shows a secret that stands behind a thousand others', async () => {
  const member = await givenSecret('Last')
  const group = (await gleaner('secret-groups', 'create', 'Large')).trim()
  await gleaner('secret-groups', 'add', group, member)
  await server.database.db.query(COPY_SECRET, [await givenSecret('Copied')])
  try {
    expect((await json('secret-groups', group)).secrets).toMatchObject({
      results: [{ secret_id: member }],
      total_count: 1,
    })
  } finally {
    await server.database.db.query(`delete from secret where secret_id like 'secret-0000000%'`)
  }
})

test('rules are created, changed, reordered and deleted', async () => {
  const project = (await gleaner('projects', 'create', 'Ruled')).trim()
  const create = (...args: readonly string[]) => gleaner('rules', 'create', 'Mine', ...args)
  const first = (
    await create(
      '--name',
      'Web',
      '--when',
      'name~=web',
      '--when',
      'account!=1',
      '--any',
      '--project',
      project,
    )
  ).trim()
  const second = (await create('--always', '--match-project', 'data.team=name', '--stop')).trim()
  const rules = async () => (await json('rules', 'list', 'Mine')).results
  expect(await rules()).toMatchObject([
    {
      collector_rule_id: first,
      name: 'Web',
      conditions: [
        { key: 'name', operator: 'contain', value: 'web' },
        { key: 'account', operator: 'not', value: '1' },
      ],
      conditions_policy: 'ANY',
      actions: { change_project: project },
    },
    {
      actions: { match_project: { source: 'data.team', target: 'name' } },
      options: { stop_processing: true },
    },
  ])

  await gleaner('rules', 'update', first, '--when', 'account=2', '--add', '{"a": 1}')
  await gleaner('rules', 'update', second, '--no-stop')
  expect(await gleaner('rules', 'reorder', second, '1')).toBe(`${second} is number 1 now.\n`)
  expect(await rules()).toMatchObject([
    { collector_rule_id: second, options: { stop_processing: false } },
    {
      collector_rule_id: first,
      conditions: [{ key: 'account', operator: 'eq', value: '2' }],
      // Other conditions are no other way to join them.
      conditions_policy: 'ANY',
      actions: { add_additional_info: { a: 1 } },
    },
  ])
  await gleaner('rules', 'update', first, '--all')
  expect((await rules())[1]).toMatchObject({ conditions: [{ value: '2' }], conditions_policy: 'ALL' })
  expect(await gleaner('rules', 'delete', first)).toBe(`Deleted ${first}.\n`)
  expect(await rules()).toHaveLength(1)
})

test.each([
  [['rules', 'create', 'Mine', '--project', 'p'], '--always'],
  [['rules', 'create', 'Mine', '--always'], '--match-project'],
  [['rules', 'create', 'Mine', '--always', '--when', 'a=b', '--project', 'p'], '--always'],
  [['rules', 'create', 'Mine', '--when', 'nonsense', '--project', 'p'], 'is no condition'],
  [['rules', 'create', 'Mine', '--always', '--all', '--project', 'p'], '--always'],
  [['rules', 'update', 'rule-0123456789ab', '--all', '--any'], '--all'],
  [['rules', 'update', 'rule-0123456789ab'], 'nothing to change'],
  [['collectors', 'update', 'Mine'], 'nothing to change'],
  [['collectors', 'update', 'Mine', '--worker', 'zone'], 'key=value'],
  [['collectors', 'update', 'Mine', '--overlap', 'never'], 'PARALLEL'],
  [['schedules', 'update', 'Mine', 'sched-0123456789ab'], 'nothing to change'],
  [['settings', 'set'], 'nothing to change'],
  [['settings', 'set', '--jobs', '-1'], 'whole number'],
  [['collect', 'Mine', '--filter', 'region'], 'is no filter'],
])('%j is no command line: %s', async (args, why) => {
  expect(await run(...args)).toMatchObject({ code: 2, out: '', notices: expect.stringContaining(why) })
})

test('how the jobs of a collector are run is changed, and shown', async () => {
  await gleaner('collectors', 'create', 'Pinned', '--plugin', 'plugin-host')
  const changes = ['--overlap', 'skip', '--worker', 'zone=a', '--worker', 'gpu=yes', '--parallel-tasks', '3']
  expect(await gleaner('collectors', 'update', 'Pinned', ...changes)).toMatch(/^Changed collector-/)
  expect(await gleaner('collectors', 'show', 'Pinned')).toMatch(
    /Overlap +SKIP\nWorkers +(zone=a, gpu=yes|gpu=yes, zone=a)\nTasks at once +3\n/,
  )
  const both = await json('collectors', 'update', 'Pinned', '--no-worker', '--priority', '3')
  expect(both).toMatchObject({
    collector: { priority: 3 },
    settings: { worker_selector: {}, overlap_policy: 'SKIP' },
  })
  expect(await gleaner('collectors', 'show', 'Pinned')).toMatch(/Workers +any\n/)
})

test('the settings of the domain are shown and changed', async () => {
  expect(await gleaner('settings')).toMatch(/jobs +90 days: [\s\S]*history +for ever: /)
  expect(await gleaner('settings', 'set', '--jobs', '30', '--history', '400', '--deleted', '0')).toMatch(
    /jobs +30 days: [\s\S]*history +400 days: [\s\S]*deleted +for ever: /,
  )
  expect(await gleaner('settings', 'set', '--max-age', '36h')).toMatch(/jobs +30 days: [\s\S]*max-age +36h: /)
  expect(await json('settings', 'show')).toMatchObject({
    job_days: 30,
    history_days: 400,
    event_days: 7,
    max_age: '36h',
  })
})

test('a job that has ended is deleted, one that runs is not', async () => {
  const { job_id: id } = await json('collect', 'Mine')
  expect(await run('jobs', 'delete', id)).toMatchObject({ code: 1, out: '' })
  await gleaner('jobs', 'cancel', id)
  expect(await gleaner('jobs', 'delete', id)).toBe(`Deleted ${id}.\n`)
  expect((await run('jobs', id)).code).toBe(1)
})

test('a filter that the plugin does not declare is refused by its name', async () => {
  const filter = ['--filter', 'region=eu-1', '--filter', 'deep:={"a": [1]}']
  expect(await run('collect', 'Mine', ...filter)).toMatchObject({
    code: 1,
    notices: expect.stringContaining('ERROR_UNSUPPORTED_FILTER_KEY'),
  })
  expect(await run('schedules', 'add', 'Mine', '--hours', '3', ...filter)).toMatchObject({
    code: 1,
    notices: expect.stringContaining('ERROR_UNSUPPORTED_FILTER_KEY'),
  })
})

test('the options in the help of `collectors update` are such that the plugin takes', async () => {
  const { out } = await run('collectors', 'update', '--help')
  const [, options = ''] = /--options '(.*)'/.exec(out) ?? []
  await gleaner('collectors', 'update', 'Mine', '--options', options)
  expect((await json('collectors', 'show', 'Mine')).plugin_info.options).toEqual(JSON.parse(options))
})
