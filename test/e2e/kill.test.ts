import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { patiently } from '../support/patiently.ts'
import { listLeftovers, makeDataDir, portsOf, post, startServer } from './server-process.ts'

/** The server with the SDK's sample plugin beside the built-in one. */
const ENTRY = join(import.meta.dirname, 'server-with-sample.ts')
const DOMAIN = 'domain-000000000001'
const COUNT = 4_000

type Progress = {
  status: string
  finished: boolean
  tasks: { attempt: number; seen_count: number; created_count: number }[]
}

test('kill -9 of the server during a collect: after the next start the job ends and every resource is there once', async () => {
  // Again with a plugin that takes longer, where the job had ended before the server was killed.
  await patiently(40, killedWhile)
})

/**
 * Kills the server while a plugin sends, with this pause before each page, and looks at what the next one
 * makes of it.
 */
async function killedWhile(delay_ms: number): Promise<void> {
  const { dataDir, remove } = makeDataDir()
  onTestFinished(remove)
  const first = startServer(dataDir, { entry: ENTRY })
  const { http } = await portsOf(first)
  const collector = await post<{ collector_id: string }>(http, '/inventory/v1/collector/create', {
    domain_id: DOMAIN,
    name: `sample ${randomBytes(3).toString('hex')}`,
    plugin_info: { plugin_id: 'plugin-sample', options: { count: COUNT, delay_ms } },
  })
  const job = await post<{ job_id: string }>(http, '/inventory/v1/collector/collect', {
    domain_id: DOMAIN,
    collector_id: collector.collector_id,
  })
  await until(http, job.job_id, ({ tasks }) => (tasks[0]?.seen_count ?? 0) > 0).finally(() =>
    first.child.kill('SIGKILL'),
  )
  await first.exited

  const second = startServer(dataDir, { entry: ENTRY })
  onTestFinished(() => void second.child.kill('SIGKILL'))
  const ports = await portsOf(second)
  const progress = await until(ports.http, job.job_id, ({ finished }) => finished)
  const stored = await post<{ total_count: number }>(ports.http, '/inventory/v1/cloud-service/list', {
    domain_id: DOMAIN,
    query: { count_only: true },
    provider: 'acme',
  })
  second.child.kill('SIGTERM')

  expect(await second.exited).toBe(0)
  expect(progress.status).toBe('SUCCESS')
  expect(progress.tasks[0]).toMatchObject({ attempt: 2, created_count: COUNT })
  expect(stored.total_count).toBe(COUNT)
  for (let tries = 0; tries < 600 && listLeftovers(dataDir).length > 0; tries++) await sleep(100)
  expect(listLeftovers(dataDir)).toEqual([])
}

async function until(
  port: number,
  jobId: string,
  isReached: (progress: Progress) => boolean,
): Promise<Progress> {
  for (;;) {
    const progress = await post<Progress>(port, '/gleaner/v1/job-progress/get', {
      domain_id: DOMAIN,
      job_id: jobId,
    })
    if (isReached(progress)) return progress
    if (progress.finished) throw new Error(`the job ended too early: ${JSON.stringify(progress)}`)
    await sleep(50)
  }
}
