import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { bucket } from '../../inventory/write/support.ts'
import { TEST_MASTER_KEY } from '../../support/keyring.ts'
import { sends } from '../scripted-plugins.ts'
import { namesIn, openWorkshop, readJob, runToEnd, until } from '../support.ts'

const workshop = await openWorkshop()
const { db, connection, givenCollector, givenWorker, startJob } = workshop
afterAll(workshop.close)

const PROGRAM = fileURLToPath(new URL('../programs/worker.ts', import.meta.url))

test('kill -9 of a worker in the middle of a stream: another one ends the job, every resource is there once', async () => {
  const all = Array.from({ length: 2_000 }, (_, number) => bucket({ id: `r-${number}` }))
  const key = await startJob(await givenCollector({ collect: () => sends(...all) }))
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(connection), TEST_MASTER_KEY], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  await until(async () => (await readJob(db, key)).task.createdCount > 100)

  child.kill('SIGKILL')
  await once(child, 'exit')
  await givenWorker({ lookEveryMs: 100 })
  const { job, task } = await runToEnd(db, key)

  expect(job.status).toBe('SUCCESS')
  expect(task).toMatchObject({ status: 'SUCCESS', attempt: 2, lostAttempts: 1, createdCount: 2_000 })
  expect(task.updatedCount + task.unchangedCount + task.failureCount).toBe(0)
  expect(new Set(await namesIn(db, key.domainId)).size).toBe(2_000)
  const [run] = await db.query('select seen_count, complete from run where domain_id = $1', [key.domainId])
  expect(run).toEqual({ seenCount: 2_000, complete: true })
})
