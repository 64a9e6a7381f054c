import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { createDatabase, type WholeDatabase } from '../../src/storage/index.ts'
import { reachDatabase } from '../../src/storage/transfer/index.ts'
import { fingerprint } from '../conformance/fingerprint.ts'
import { addressOf } from '../support/app.ts'
import { createEmptyDatabase } from '../support/database.ts'
import { listFalseClaims } from '../support/false-claims.ts'
import { silentLog } from '../support/silent-log.ts'
import { makeDataDir, portsOf, post, startServer } from './server-process.ts'

const ROOT = join(import.meta.dirname, '../..')
const OPERATE = join(ROOT, 'src/operate.ts')
/** The server with the SDK's sample plugin beside the built-in one. */
const ENTRY = join(import.meta.dirname, 'server-with-sample.ts')
const DOMAIN = 'domain-000000000001'
const COUNT = 4_000

const { dataDir: root, remove } = makeDataDir()
afterAll(remove)
/** Below it, another user reaches nothing: the database of one who is root has a user of its own. */
const closed = join(root, 'closed')
mkdirSync(closed)
chmodSync(closed, 0o700)
const [live, restored] = [join(root, 'live'), join(closed, 'restored')]
const backup = join(root, 'backup')

type Ended = { readonly code: number | string; readonly out: string; readonly err: string }

function startOperating(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [OPERATE, ...args], {
    env: { PATH: process.env.PATH, HOME: root, INIT_CWD: root, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return { child, ended: untilEnded(child) }
}

async function operate(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return await startOperating(args, env).ended
}

async function untilEnded(child: ChildProcess): Promise<Ended> {
  let [out, err] = ['', '']
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const [code, signal] = await once(child, 'close')
  return { code: code ?? signal, out, err }
}

type Progress = {
  readonly status: string
  readonly finished: boolean
  readonly tasks: readonly {
    attempt: number
    seen_count: number
    created_count: number
    unchanged_count: number
  }[]
}

async function until(
  port: number,
  jobId: string,
  isReached: (progress: Progress) => boolean,
): Promise<Progress> {
  for (;;) {
    const body = { domain_id: DOMAIN, job_id: jobId }
    const progress = await post<Progress>(port, '/gleaner/v1/job-progress/get', body)
    if (isReached(progress)) return progress
    if (progress.finished) throw new Error(`the job ended too early: ${JSON.stringify(progress)}`)
    await sleep(50)
  }
}

async function collect(port: number, collectorId: string): Promise<string> {
  const job = await post<{ job_id: string }>(port, '/inventory/v1/collector/collect', {
    domain_id: DOMAIN,
    collector_id: collectorId,
  })
  return job.job_id
}

async function countAcme(port: number): Promise<number> {
  const { total_count } = await post<{ total_count: number }>(port, '/inventory/v1/cloud-service/list', {
    domain_id: DOMAIN,
    query: { count_only: true },
    provider: 'acme',
  })
  return total_count
}

/** Looks into the database of a server that is stopped. */
async function lookInto<T>(dataDir: string, look: (db: WholeDatabase) => Promise<T>): Promise<T> {
  const options = { databaseUrl: undefined, dataDir, databaseUser: undefined, log: silentLog }
  const reached = await reachDatabase(options)
  const db = createDatabase({ connection: reached.connection, log: silentLog })
  try {
    return await look(db)
  } finally {
    await db.close()
    await reached.close()
  }
}

test('a collect that runs is backed up, goes on where it is restored, and moves to another PostgreSQL', async () => {
  const first = startServer(live, { entry: ENTRY })
  const ports = await portsOf(first)
  const { collector_id: collectorId } = await post<{ collector_id: string }>(
    ports.http,
    '/inventory/v1/collector/create',
    {
      domain_id: DOMAIN,
      name: 'sample',
      plugin_info: { plugin_id: 'plugin-sample', options: { count: COUNT, delay_ms: 1_000 } },
    },
  )
  const jobId = await collect(ports.http, collectorId)
  const before = await until(ports.http, jobId, ({ tasks }) => (tasks[0]?.created_count ?? 0) > 0)

  // One that is killed leaves nothing that could be taken for a backup, and is in nobody's way.
  const killed = startOperating(['backup', backup, '--data-dir', live])
  while (!existsSync(`${backup}.partial`)) await sleep(1)
  killed.child.kill('SIGKILL')
  await killed.ended
  expect(existsSync(backup)).toBe(false)
  const made = await operate(['backup', 'backup', '--data-dir', live])
  const progress = await until(ports.http, jobId, () => true)
  first.child.kill('SIGKILL')
  await first.exited

  expect(made).toMatchObject({ code: 0, err: '' })
  expect(made.out).toMatch(
    /^Backed up [\d,]+ rows of \d+ tables \([\d.]+ MB\) in .* to .*backup, as they were at \d{4}-/,
  )
  expect(made.out).toContain(
    `Without the key file ${join(live, 'master.key')} nobody can open the secrets in it`,
  )
  expect(progress.finished, 'the job still runs when the backup is complete').toBe(false)
  expect(statSync(backup).mode & 0o777).toBe(0o700)

  const [verified, done] = await Promise.all([
    operate(['verify', backup]),
    operate(['restore', backup, '--data-dir', restored]),
  ])
  expect(verified).toMatchObject({ code: 0, out: expect.stringContaining('is whole') })
  expect(done).toMatchObject({ code: 0, err: '' })
  expect(done.out).toMatch(
    /Before you start Gleaner: .* master key version 1 .*restored\/master\.key does not hold/,
  )
  // What had been told before is there, and what counts and what is counted are of one instant.
  const inside = await lookInto(restored, async (db) => {
    await db.query(`update collector set plugin_options = plugin_options - 'delay_ms'`)
    const [task] = await db.query<{ counted: number; stored: number }>(
      `select t.created_count as counted, (select count(*) from cloud_service s where s.created_seq = t.seq) as stored
         from job_task t where job_id = $1`,
      [jobId],
    )
    return { ...task, falseClaims: await listFalseClaims(db) }
  })
  expect(inside).toEqual({ counted: inside.stored, stored: inside.counted, falseClaims: [] })
  expect(inside.stored).toBeGreaterThanOrEqual(before.tasks[0]?.created_count ?? 0)

  cpSync(join(live, 'master.key'), join(restored, 'master.key'))
  const second = startServer(restored, { entry: ENTRY })
  const at = await portsOf(second)
  const ended = await until(at.http, jobId, ({ finished }) => finished)
  expect(ended).toMatchObject({ status: 'SUCCESS', tasks: [{ attempt: 2, created_count: COUNT }] })
  expect(await countAcme(at.http)).toBe(COUNT)
  second.child.kill('SIGTERM')
  expect(await second.exited).toBe(0)

  const target = await createEmptyDatabase()
  const DATABASE_URL = addressOf(target.connection)
  const hashes = await lookInto(restored, (db) => fingerprint(db))
  const moved = await operate(['move', '--data-dir', restored], { DATABASE_URL })
  expect(moved).toMatchObject({
    code: 0,
    err: '',
    out: expect.stringMatching(/^Moved [\d,]+ rows of \d+ tables/),
  })
  expect(moved.out).not.toContain(new URL(DATABASE_URL).password)
  expect({ ...(await fingerprint(target.db)), schema_migration: '' }).toEqual({
    ...hashes,
    schema_migration: '',
  })
  const third = startServer(restored, { entry: ENTRY, flags: ['--database-url', DATABASE_URL] })
  const there = await portsOf(third)
  expect(await countAcme(there.http)).toBe(COUNT)
  const last = await collect(there.http, collectorId)
  const same = await until(there.http, last, ({ finished }) => finished)
  expect(same.tasks[0]).toMatchObject({ created_count: 0, unchanged_count: COUNT })
  third.child.kill('SIGTERM')
  expect(await third.exited).toBe(0)
  await target.drop()
})

test('the guide names commands that there are', () => {
  const guide = readFileSync(join(ROOT, 'docs/guide/backup.md'), 'utf8')
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  const named = [...guide.matchAll(/npm run -s ([\w:]+)/g)].map(([, name = '']) => name)
  const programs = named.map((name) => String(scripts[name]).split(/\bexec node /)[1])
  expect(new Set(named)).toEqual(new Set(['backup', 'backup:verify', 'restore', 'move']))
  for (const program of programs) expect(program).toMatch(/ src\/operate\.ts (?:backup|verify|restore|move)$/)
})

test('a server that is stopped is backed up with its key, which is put in its place', async () => {
  const withKey = join(root, 'with-key')
  const made = await operate(['backup', withKey, '--with-master-key', '--data-dir', restored])
  expect(made).toMatchObject({ code: 0, out: expect.stringContaining('It holds the master key') })
  expect(statSync(join(withKey, 'master.key')).mode & 0o777).toBe(0o600)
  const elsewhere = join(root, 'elsewhere')
  const done = await operate(['restore', withKey, '--data-dir', elsewhere])
  expect(done).toMatchObject({
    code: 0,
    out: expect.stringContaining('The master key is there. Start Gleaner'),
  })
  const keyOf = (folder: string) => readFileSync(join(folder, 'master.key'), 'utf8').trim().split('\n').at(-1)
  expect(keyOf(elsewhere)).toBe(keyOf(live))
  expect(statSync(join(elsewhere, 'master.key')).mode & 0o777).toBe(0o600)
  expect(made.out + done.out + made.err + done.err).not.toContain(keyOf(live))
})

test('a server does not begin anew where a restore was interrupted; the next restore goes through, also without the key', async () => {
  const half = join(root, 'half')
  const restoring = startOperating(['restore', backup, '--data-dir', half])
  while (!existsSync(join(half, 'postgres.restoring', 'postmaster.pid'))) await sleep(5)
  restoring.child.kill('SIGKILL')
  await restoring.ended

  const refused = startServer(half)
  expect(await refused.exited).toBe(1)
  expect(refused.output()).toContain('ERROR_RESTORE_UNFINISHED')
  const done = await operate(['restore', backup, '--new-master-key', '--data-dir', half])
  expect(done).toMatchObject({ code: 0, out: expect.stringContaining('store their data again') })
  expect(readdirSync(half).filter((name) => name.startsWith('postgres.restoring'))).toEqual([])

  const started = startServer(half, { flags: ['--roles', 'api'] })
  await started.until(/Gleaner is ready/)
  started.child.kill('SIGTERM')
  expect(await started.exited).toBe(0)
})

test('what cannot be done is refused in one sentence', async () => {
  const cases = [
    [['backup', '--data-dir', 'x'], 2, 'it takes a folder first'],
    [['move'], 2, 'DATABASE_URL is not set'],
    [['backup', 'b', '--data-dir', 'nowhere'], 1, 'ERROR_DATABASE_MISSING'],
    [['restore', backup, '--data-dir', restored], 1, 'ERROR_RESTORE_TARGET: there is a database in'],
  ] as const
  const refused = await Promise.all(
    cases.map(async ([args, code, says]) => ({ ...(await operate(args)), expected: code, says })),
  )
  for (const { code, expected, out, err, says } of refused) {
    expect([code, out, err]).toEqual([expected, '', expect.stringContaining(says)])
    expect(err).not.toContain('    at ')
  }
})
