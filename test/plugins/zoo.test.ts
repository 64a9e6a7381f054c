import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, describe, expect, test } from 'vitest'
import { ensureDomain } from '../../src/access/index.ts'
import { DEFAULT_ATTEMPT_LIMITS } from '../../src/jobs/run/retry.ts'
import type { PluginRecord } from '../../src/plugins/index.ts'
import { type JobKey, namesIn, readJob, until } from '../jobs/support.ts'
import { addressOf } from '../support/app.ts'
import { createTestDatabase } from '../support/database.ts'
import { whyNoPluginUser } from '../support/plugin-user.ts'
import { findProcesses } from '../support/processes.ts'
import { startProgram } from '../support/program.ts'
import { measureSlowness } from '../support/slowness.ts'
import { fixture, recordOf } from './support.ts'

const ANIMALS = [
  'wrong-types',
  'big-message',
  'duplicates',
  'duplicate-keys',
  'lying-lengths',
  'lying-counts',
  'endless',
  'silence',
  'deaf',
  'exits',
  'chatter',
  'forks',
  'snoops',
  'stranger',
] as const
type Animal = (typeof ANIMALS)[number]

/** What is measured, one group after the other, before all of them are let loose at once. */
const GREEDY: readonly (readonly Animal[])[] = [
  ['big-message'],
  // Both last as long as they may.
  ['endless', 'deaf'],
  ['duplicates', 'duplicate-keys', 'lying-lengths', 'lying-counts'],
]

/** Whatever is not measured alone, all at once. */
const OTHERS = 'all others together'

// What is well must not be late because others use the machine as well: limits are longer where it is slow at
// this moment.
const slowness = await measureSlowness(fixture('serve'))
const TASK_TIMEOUT_SECONDS = Math.ceil(10 * slowness)
const SILENCE_TIMEOUT_SECONDS = Math.ceil(5 * slowness)
const MIB = 1_048_576
const noPluginUser = whyNoPluginUser()
if (noPluginUser !== undefined)
  console.warn(`SKIPPED: what a plugin cannot read under a root server, because ${noPluginUser}`)

const { db, connection, drop } = await createTestDatabase()
// Each task comes as if two attempts had failed before: one more ends it, so that its own times say how long
// that took. What becomes of a failure that may pass is told in test/jobs.
await db.query(
  `alter table job_task alter column failed_attempts set default ${DEFAULT_ATTEMPT_LIMITS.maxFailed - 1}`,
)
const dataDir = mkdtempSync(join(tmpdir(), 'gleaner-zoo-'))
// The master key that the server itself makes.
const masterKey = join(dataDir, 'master.key')
const animals = ANIMALS.map((name) =>
  recordOf(name, { image: `cmd:${JSON.stringify([process.execPath, fixture('zoo'), name, masterKey])}` }),
)
const good = recordOf('good', { image: 'builtin:sample' })
const server = await startProgram(
  'server-with-plugins',
  [
    JSON.stringify({
      databaseUrl: addressOf(connection),
      dataDir,
      plugins: [...animals, good],
      pluginSettings: {
        silenceTimeoutMs: SILENCE_TIMEOUT_SECONDS * 1_000,
        stopGraceMs: 2_000,
        startTimeoutMs: 60_000,
        dropPrivileges: noPluginUser === undefined,
      },
      flags: ['--task-timeout-seconds', String(TASK_TIMEOUT_SECONDS), '--worker-capacity', '4'],
    }),
  ],
  { env: { PATH: process.env.PATH, MALLOC_ARENA_MAX: '2', NODE_OPTIONS: '--max-semi-space-size=4' } },
)
const url = `http://127.0.0.1:${server.said.port}/inventory/v1/collector`
afterAll(async () => {
  await server.end()
  rmSync(dataDir, { recursive: true, force: true })
  await drop()
})

async function made(method: string, request: object): Promise<Record<string, unknown>> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${url}/${method}`, { method: 'POST', headers, body: JSON.stringify(request) })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method}: ${response.status} ${text}`)
  return JSON.parse(text)
}

/** Runs a plugin once, in a domain of its own. */
async function start(record: PluginRecord, options: object = {}): Promise<JobKey> {
  const domainId = `domain-${randomBytes(6).toString('hex')}`
  await ensureDomain(db, { domainId, name: domainId, now: new Date() })
  const plugin_info = { plugin_id: record.pluginId, options }
  const collector = await made('create', { domain_id: domainId, name: record.name, plugin_info })
  const job = await made('collect', { domain_id: domainId, collector_id: collector.collector_id })
  return { domainId, jobId: String(job.job_id) }
}

/** Waits for the end of all jobs. */
async function untilAllEnded(): Promise<void> {
  await until(async () => {
    const [row] = await db.query<{ open: number }>(
      'select count(*)::int open from job where finished_at is null',
    )
    return row?.open === 0
  })
}

/** What the kernel says that the server holds, when it has not become less for a while. */
async function settledMemory(): Promise<number> {
  let least = residentBytes(server.pid)
  for (let quietLooks = 0; quietLooks < 5; quietLooks++) {
    await pause(200)
    const bytes = residentBytes(server.pid)
    if (bytes < least - MIB) quietLooks = 0
    least = Math.min(least, bytes)
  }
  return least
}

function residentBytes(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * 4_096
}

/** The greedy ones first, then all of them at once with well-behaved ones between. */
async function runZoo() {
  const keys = new Map<string, JobKey>()
  const grownMib = new Map<string, number>()
  // What an ordinary run takes is no growth: code that is compiled, the thread that stores, the connections.
  await start(good, { count: 20_000 })
  await untilAllEnded()
  let before = await settledMemory()
  for (const names of GREEDY) {
    for (const name of names) keys.set(name, await start(recordNamed(name)))
    await untilAllEnded()
    const after = await settledMemory()
    grownMib.set(names.join(', '), Math.round((after - before) / MIB))
    before = after
  }
  for (const record of animals) {
    if (!keys.has(record.name)) keys.set(record.name, await start(record))
    keys.set(`good beside ${record.name}`, await start(good))
  }
  await untilAllEnded()
  grownMib.set(OTHERS, Math.round(((await settledMemory()) - before) / MIB))
  const ended = new Map<string, Awaited<ReturnType<typeof readJob>> & { names: string[] }>()
  for (const [name, key] of keys) {
    ended.set(name, { ...(await readJob(db, key)), names: await namesIn(db, key.domainId) })
  }
  return { ended, grownMib }
}

function recordNamed(name: Animal): PluginRecord {
  const record = animals.find((animal) => animal.name === name)
  if (record === undefined) throw new Error(`there is no ${name}`)
  return record
}

describe('a zoo of badly behaved plugins', async () => {
  const { ended, grownMib } = await runZoo()
  const endOf = (name: string) => {
    const end = ended.get(name)
    if (end === undefined) throw new Error(`${name} did not run`)
    return end
  }

  test.each(ANIMALS)('leaves the tasks beside %s alone', (name) => {
    const { job, task } = endOf(`good beside ${name}`)
    expect(job.status).toBe('SUCCESS')
    expect(task).toMatchObject({ failureCount: 0, createdCount: 100, attempt: 1 })
  })

  test.each([...GREEDY.map((names) => names.join(', ')), OTHERS])(
    '%s: the memory of the server has grown by no more than 50 MiB when it settles',
    (names) => {
      expect(grownMib.get(names)).toBeLessThanOrEqual(50)
    },
  )

  test.each([
    ['wrong-types', 'FAILURE', 'was not stored'],
    ['big-message', 'FAILURE', 'it sent a message of 1000'],
    ['lying-lengths', 'FAILURE', 'was not stored'],
    ['silence', 'FAILURE', `it sent nothing for ${SILENCE_TIMEOUT_SECONDS} s`],
    ['exits', 'FAILURE', 'exited with code 9'],
    ['endless', 'CANCELED', 'was ended: it ran for more than'],
    ['deaf', 'CANCELED', 'was ended: it ran for more than'],
  ])('%s: the task ends as %s and says what happened', (name, status, words) => {
    const { task } = endOf(name)
    expect(task.status).toBe(status)
    expect(task.errors.map(({ message }) => message).join('\n')).toContain(words)
  })

  test.each(ANIMALS)(
    '%s: its task ends before its time limit has passed twice, at the first attempt',
    (name) => {
      const { attempt, startedAt, finishedAt } = endOf(name).task
      const tookMs = (finishedAt?.getTime() ?? Number.POSITIVE_INFINITY) - (startedAt?.getTime() ?? 0)
      expect(attempt).toBe(1)
      expect(tookMs).toBeLessThan(2 * TASK_TIMEOUT_SECONDS * 1_000)
    },
  )

  test.each([
    'wrong-types',
    'big-message',
    'lying-lengths',
    'lying-counts',
    'silence',
    'deaf',
    'chatter',
    'forks',
    'stranger',
    'snoops',
  ])('%s: what it sent rightly is kept', (name) => {
    expect(endOf(name).names).toContain('good')
  })

  test('duplicates: one resource, and no failure of anything else', () => {
    expect(endOf('duplicates').names).toEqual(['same'])
  })

  test('duplicate-keys: the last of each counts, as protobuf has it', async () => {
    const rows = await db.query<{ number: number }>(
      `select (data->>'number')::int as number from cloud_service where name = 'twice'`,
    )
    expect(rows).toEqual([{ number: 2 }])
    expect(endOf('duplicate-keys').task).toMatchObject({ status: 'SUCCESS', failureCount: 0 })
  })

  test('lying-counts: what it counts decides nothing', () => {
    expect(endOf('lying-counts').task).toMatchObject({ status: 'SUCCESS', createdCount: 1, failureCount: 0 })
  })

  test('stranger: what it says of ids, domains, states and times is not believed', async () => {
    const { task } = endOf('stranger')
    const rows = await db.query<{ domainId: string; state: string; createdAt: Date }>(
      `select domain_id, state, created_at from cloud_service where provider = 'zoo' and name = 'good'
        and domain_id in (select domain_id from job where job_id = $1) or domain_id = 'domain-ffffffffffff'`,
      [task.jobId],
    )
    expect(rows).toHaveLength(1)
    expect(rows[0]).toMatchObject({ state: 'ACTIVE' })
    expect(rows[0]?.createdAt.getTime()).toBeGreaterThan(Date.UTC(2020, 0, 1))
  })

  test.skipIf(noPluginUser !== undefined)(
    'snoops: it gets at no master key, no environment and no file of its parent',
    async () => {
      const { task } = endOf('snoops')
      const [row] = await db.query<{ seen: string[] }>(
        `select data->'seen' as seen from cloud_service where domain_id in (select domain_id from job where job_id = $1)`,
        [task.jobId],
      )
      expect(row?.seen).toEqual([])
    },
  )

  test('forks: its children end with it', async () => {
    await server.end()
    await until(async () => findProcesses(`sleeps beside ${masterKey}`).length === 0)
  })
})
