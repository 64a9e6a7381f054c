import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, describe, expect, test } from 'vitest'
import { createCollector } from '../../src/collectors/index.ts'
import { Worker } from '../../src/jobs/index.ts'
import { createPluginHost, createPluginRegistry, type PluginRecord } from '../../src/plugins/index.ts'
import { namesIn, newCollector, openWorkshop, readJob, until } from '../jobs/support.ts'
import { whyNoPluginUser } from '../support/plugin-user.ts'
import { silentLog } from '../support/silent-log.ts'
import { fixture, recordOf } from './support.ts'

const ANIMALS = [
  'wrong-types',
  'big-message',
  'duplicates',
  'endless',
  'silence',
  'deaf',
  'exits',
  'chatter',
  'forks',
  'snoops',
  'stranger',
] as const

const TASK_TIMEOUT_MS = 10_000
const SILENCE_TIMEOUT_MS = 3_000
const LOOK_EVERY_MS = 250
const MIB = 1_048_576
setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')
const noPluginUser = whyNoPluginUser()
if (noPluginUser !== undefined)
  console.warn(`SKIPPED: what a plugin cannot read under a root server, because ${noPluginUser}`)

const workshop = await openWorkshop()
const { context, db, queue, keyring, givenDomain, notices, startJob } = workshop
const dataDir = mkdtempSync(join(tmpdir(), 'gleaner-zoo-'))
const masterKey = join(dataDir, 'master.key')
writeFileSync(masterKey, 'the master key', { mode: 0o600 })

const animals = ANIMALS.map((name) =>
  recordOf(name, { image: `cmd:${JSON.stringify([process.execPath, fixture('zoo'), name, masterKey])}` }),
)
const good = recordOf('good', { image: 'builtin:sample' })
const registry = createPluginRegistry({ records: [...animals, good] })
const host = createPluginHost({
  dataDir,
  log: silentLog,
  registry,
  settings: {
    silenceTimeoutMs: SILENCE_TIMEOUT_MS,
    stopGraceMs: 2_000,
    startTimeoutMs: 60_000,
    dropPrivileges: noPluginUser === undefined,
  },
})
const worker = new Worker(
  {
    db,
    queue,
    wakeUps: queue,
    notices: notices(),
    plugins: host,
    keyring,
    log: silentLog,
    now: () => new Date(),
  },
  { lookEveryMs: 100, taskTimeoutMs: TASK_TIMEOUT_MS, capacity: 4 },
)
afterAll(async () => {
  await worker.stop()
  await host.stop()
  rmSync(dataDir, { recursive: true, force: true })
  await workshop.close()
})

async function start(record: PluginRecord) {
  const domainId = await givenDomain()
  const deps = { registry, plugins: host }
  const { collectorId = '' } = await createCollector(
    context(),
    deps,
    newCollector({ domainId, pluginId: record.pluginId }),
  )
  return startJob({ domainId, collectorId })
}

/** All of them at once, with well-behaved ones between; failures that may pass are tried again without a pause. */
async function runZoo() {
  const keys = new Map<string, Awaited<ReturnType<typeof start>>>()
  // One good task first: what the code itself takes when it first runs is no growth.
  const first = await start(good)
  await worker.start()
  await until(async () => (await readJob(db, first)).job.finishedAt !== null)
  const before = liveMemory()
  let peak = before
  for (const record of animals) {
    keys.set(record.name, await start(record))
    keys.set(`good beside ${record.name}`, await start(good))
  }
  let lookedAt = performance.now()
  await until(async () => {
    if (performance.now() - lookedAt > LOOK_EVERY_MS) {
      peak = Math.max(peak, liveMemory())
      lookedAt = performance.now()
    }
    await db.query(`update job_task set due_at = now() where due_at > now()`)
    const [row] = await db.query<{ open: number }>(
      'select count(*)::int open from job where finished_at is null',
    )
    return row?.open === 0
  })
  const ended = new Map<string, Awaited<ReturnType<typeof readJob>> & { names: string[] }>()
  for (const [name, key] of keys) {
    ended.set(name, { ...(await readJob(db, key)), names: await namesIn(db, key.domainId) })
  }
  return { ended, grownMib: (peak - before) / MIB }
}

/** What is really held: garbage comes and goes with everything else that runs in this process. */
function liveMemory(): number {
  collectGarbage()
  const { arrayBuffers, external, heapUsed } = process.memoryUsage()
  return heapUsed + external + arrayBuffers
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

  test('makes the server grow by no more than 50 MiB', () => {
    expect(grownMib).toBeLessThan(50)
  })

  test.each([
    ['wrong-types', 'FAILURE', 'was not stored'],
    ['big-message', 'FAILURE', 'it sent a message of 1000'],
    ['silence', 'FAILURE', 'it sent nothing for 3 s'],
    ['exits', 'FAILURE', 'exited with code 9'],
    ['endless', 'CANCELED', 'was ended: it ran for more than'],
    ['deaf', 'CANCELED', 'was ended: it ran for more than'],
  ])('%s: the task ends as %s and says what happened', (name, status, words) => {
    const { task } = endOf(name)
    expect(task.status).toBe(status)
    expect(task.errors.map(({ message }) => message).join('\n')).toContain(words)
  })

  test.each(['endless', 'deaf'])('%s: its task ends within 5 s of its time limit', (name) => {
    const { startedAt, finishedAt } = endOf(name).task
    const tookMs = (finishedAt?.getTime() ?? Number.POSITIVE_INFINITY) - (startedAt?.getTime() ?? 0)
    expect(tookMs).toBeLessThan(TASK_TIMEOUT_MS + 5_000)
  })

  test.each(['wrong-types', 'big-message', 'silence', 'deaf', 'chatter', 'forks', 'stranger', 'snoops'])(
    '%s: what it sent rightly is kept',
    (name) => {
      expect(endOf(name).names).toContain('good')
    },
  )

  test('duplicates: one resource, and no failure of anything else', () => {
    expect(endOf('duplicates').names).toEqual(['same'])
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
    await host.stop()
    expect(sleepers()).toEqual([])
  })
})

/** What the fixture forked and is still there. */
function sleepers(): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8') === '/bin/sleep\x180\0'
    } catch {
      return false
    }
  })
}
