import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { startEmbedded } from '../../src/storage/embedded/start-embedded.ts'
import { createDatabase } from '../../src/storage/index.ts'
import { portsOf, post, type ServerProcess, startServer } from '../e2e/server-process.ts'
import { addressOf } from '../support/app.ts'
import { until } from '../support/processes.ts'
import { silentLog } from '../support/silent-log.ts'
import { printFigure } from './engine/print-figure.ts'

const AWAY_MS = 20_000
const JOBS = 6
const DOMAIN = { domain_id: 'domain-000000000001' }

test('a database that is away for 20 s: health says so meanwhile, and afterwards everything is drained without hands', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'gleaner-outage-'))
  const options = { dataDir, log: silentLog, settings: { fsync: 'off' } }
  let server = await startEmbedded(options)
  const { connection, socketFolder } = server
  const processes: ServerProcess[] = []
  onTestFinished(async () => {
    for (const { child } of processes) child.kill('SIGKILL')
    await Promise.all(processes.map(({ exited }) => exited))
    await server.stop()
    await rm(dataDir, { recursive: true, force: true })
  })
  const start = (name: string, roles: string) => {
    const started = startServer(join(dataDir, name), {
      flags: ['--roles', roles],
      env: { DATABASE_URL: addressOf(connection), GLEANER_MASTER_KEY_FILE: join(dataDir, 'master.key') },
    })
    processes.push(started)
    return started
  }
  const { http } = await portsOf(start('all', 'api,worker,scheduler'))
  // A process that starts while the database is away gives up; these run.
  for (const role of ['worker', 'scheduler']) await start(role, role).until(/Gleaner is ready/)
  const check = async () => (await fetch(`http://127.0.0.1:${http}/check`)).status
  await until(async () => (await check()) === 200)
  const [first] = (await post<Found>(http, '/inventory/v1/collector/list', DOMAIN)).results
  const collector = { ...DOMAIN, collector_id: first?.collector_id }
  for (let count = 0; count < JOBS; count++) await post(http, '/inventory/v1/collector/collect', collector)

  // An accident and not a stop, which would remove the folder of its socket.
  process.kill(server.pid, 'SIGQUIT')
  await server.exited
  const goneAt = performance.now()
  await until(async () => (await check()) === 503)
  const noticedMs = performance.now() - goneAt
  await pause(AWAY_MS - noticedMs)
  expect(await check()).toBe(503)

  server = await startEmbedded({ ...options, socketFolder })
  const backAt = performance.now()
  await until(async () => (await check()) === 200)
  const servingMs = performance.now() - backAt
  const db = createDatabase({ connection, log: silentLog })
  onTestFinished(() => db.close())
  const open = () => db.query("select 1 from job where status in ('CREATED', 'IN_PROGRESS')")
  await until(async () => (await open()).length === 0)

  printFigure('outage drained', Math.round(performance.now() - backAt), 'ms', { servingMs, noticedMs })
  const jobs = await db.query<{ remained: number; failures: number }>(
    `select j.remained_tasks as remained,
            (select count(*)::int from job_task t
              where t.domain_id = j.domain_id and t.job_id = j.job_id
                and exists (select from jsonb_array_elements(t.errors) e
                             where e->>'error_code' in ('ERROR_WORKER_LOST', 'ERROR_NO_WORKER', 'ERROR_UNKNOWN')
                                or e->>'error_code' like 'ERROR_DATABASE%')) as failures
       from job j`,
  )
  expect(jobs.length).toBeGreaterThanOrEqual(JOBS)
  expect(jobs).toEqual(jobs.map(() => ({ remained: 0, failures: 0 })))
  expect(processes.map(({ child }) => child.exitCode)).toEqual(processes.map(() => null))
})

type Found = { readonly results: readonly { readonly collector_id: string }[] }
