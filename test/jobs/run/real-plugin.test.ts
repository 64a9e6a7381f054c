import { fileURLToPath, pathToFileURL } from 'node:url'
import type { JsonObject } from '@bufbuild/protobuf'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { createCollector } from '../../../src/collectors/index.ts'
import { PartThread, Worker } from '../../../src/jobs/index.ts'
import type { PartThreadData } from '../../../src/part-thread.ts'
import { createPluginRegistry } from '../../../src/plugins/index.ts'
import { fixture, givenHost, recordOf } from '../../plugins/support.ts'
import { silentLog } from '../../support/silent-log.ts'
import { namesIn, newCollector, openWorkshop, readJob, runToEnd, until } from '../support.ts'

const workshop = await openWorkshop()
const { connection, context, db, keyring, queue, notices, givenDomain, startJob } = workshop
/** The thread reads these plugins itself, as in a server. */
const thread = new PartThread({
  program: new URL('../../../src/part-thread.ts', pathToFileURL(import.meta.filename)),
  data: { connection, maxConnections: 4 } satisfies PartThreadData,
  log: silentLog,
})
afterAll(async () => {
  await thread.stop()
  await workshop.close()
})

const [LAUNCHER, ACME] = ['launch.ts', 'sample/plugin.ts'].map((path) =>
  fileURLToPath(new URL(`../../../sdk/src/${path}`, import.meta.url)),
)

const acme = recordOf('acme', { image: `cmd:${JSON.stringify([process.execPath, LAUNCHER, ACME])}` })
const dies = recordOf('dies-mid-stream', {
  image: `cmd:${JSON.stringify([process.execPath, fixture('dies-mid-stream')])}`,
})

/** A collector on a plugin that runs as a process of its own, and a worker. */
async function givenRealCollector(pluginId: string, options: JsonObject = {}) {
  const { host } = givenHost([acme, dies])
  const registry = createPluginRegistry({ records: [acme, dies] })
  const domainId = await givenDomain()
  const request = newCollector({ domainId, pluginId, options })
  const collector = await createCollector(context(), { registry, plugins: host }, request)
  const deps = {
    db,
    queue,
    wakeUps: queue,
    notices: notices(),
    plugins: host,
    keyring,
    log: silentLog,
    now: () => new Date(),
    storePart: thread.store,
    expectPart: thread.expect,
  }
  const worker = new Worker(deps, { lookEveryMs: 100 })
  await worker.start()
  onTestFinished(() => worker.stop())
  return { domainId, collectorId: collector.collectorId ?? '' }
}

test('a plugin process is described, collected from, and found unchanged the second time', async () => {
  const collector = await givenRealCollector(acme.pluginId, { count: 250 })

  const first = await runToEnd(db, await startJob(collector, { filter: { region: ['north-1'] } }))
  const again = await runToEnd(db, await startJob(collector))
  const third = await runToEnd(db, await startJob(collector))

  expect([first, again, third].map(({ job }) => job.status)).toEqual(['SUCCESS', 'SUCCESS', 'SUCCESS'])
  const inNorth = first.task.createdCount
  expect(inNorth).toBeGreaterThan(0)
  const stored = (await namesIn(db, collector.domainId)).length
  expect(again.task).toMatchObject({
    createdCount: stored - inNorth,
    updatedCount: 0,
    unchangedCount: inNorth,
  })
  expect(third.task).toMatchObject({ createdCount: 0, updatedCount: 0, unchangedCount: stored })
})

test('a plugin process that splits its work by region brings the same inventory in parts', async () => {
  const whole = await givenRealCollector(acme.pluginId, { count: 120 })
  await runToEnd(db, await startJob(whole))
  const split = await givenRealCollector(acme.pluginId, { count: 120, split: true })

  const { job, tasks } = await runToEnd(db, await startJob(split))

  expect(job).toMatchObject({ status: 'SUCCESS', totalTasks: tasks.length, remainedTasks: 0 })
  expect(tasks.length).toBeGreaterThan(1)
  expect(await namesIn(db, split.domainId)).toEqual(await namesIn(db, whole.domainId))
})

test('what a plugin could not read fails the task, and the rest is kept', async () => {
  const collector = await givenRealCollector(acme.pluginId, { count: 100, fail_region: 'south-1' })

  const { job, task } = await runToEnd(db, await startJob(collector))

  expect(job.status).toBe('ERROR')
  expect(task.status).toBe('FAILURE')
  expect(task.failureCount).toBe(task.errors.length)
  expect(task.errors[0]?.message).toContain('south-1 refuses access')
  expect(await namesIn(db, collector.domainId)).toHaveLength(task.createdCount)
})

test('options that the plugin refuses create no collector', async () => {
  await expect(givenRealCollector(acme.pluginId, { count: -1 })).rejects.toMatchObject({
    code: 'ERROR_VERIFY_PLUGIN_FAILURE',
    message: expect.stringContaining('count'),
  })
})

test('a plugin process that dies in every stream ends the job, and says how', async () => {
  const collector = await givenRealCollector(dies.pluginId)
  const key = await startJob(collector)

  await until(async () => {
    await db.query('update job_task set due_at = now() where domain_id = $1', [collector.domainId])
    return (await readJob(db, key)).job.finishedAt !== null
  })

  const { job, task } = await readJob(db, key)
  expect(job.status).toBe('ERROR')
  expect(task).toMatchObject({ status: 'FAILURE' })
  // Starts that the pause after a death puts off are attempts as well, but count as none.
  expect(task.errors.at(-1)?.message).toMatch(/after 3 attempts.*plugin-dies-mid-stream/)
})
