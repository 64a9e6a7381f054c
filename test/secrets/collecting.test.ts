import { createHash } from 'node:crypto'
import type { JsonObject } from '@bufbuild/protobuf'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { collect, createCollector } from '../../src/collectors/index.ts'
import { Worker } from '../../src/jobs/index.ts'
import { createPluginRegistry } from '../../src/plugins/index.ts'
import { NO_SELECTION, type SecretSelection } from '../../src/secrets/index.ts'
import { namesIn, newCollector, openWorkshop, runToEnd } from '../jobs/support.ts'
import { givenHost, recordOf } from '../plugins/support.ts'
import { silentLog } from '../support/silent-log.ts'
import { givenProject, givenSecret } from './support.ts'

const workshop = await openWorkshop()
const { context, db, keyring, notices, queue, givenDomain } = workshop
afterAll(workshop.close)

const plugin = recordOf('tells-what-it-got', { capability: { supported_schema: ['acme_token'] } })

/** A collector of this choice on a plugin process, and a worker. */
async function givenCollector(domainId: string, selection: Partial<SecretSelection>) {
  const { host } = givenHost([plugin])
  const registry = createPluginRegistry({ records: [plugin] })
  const request = newCollector({ domainId, pluginId: plugin.pluginId })
  const wanted = request.plugin && {
    ...request,
    plugin: { ...request.plugin, selection: { ...NO_SELECTION, ...selection } },
  }
  const { collectorId = '' } = await createCollector(
    context(),
    { registry, plugins: host },
    wanted ?? request,
  )
  const deps = {
    db,
    queue,
    wakeUps: queue,
    notices: notices(),
    plugins: host,
    keyring,
    log: silentLog,
    now: () => new Date(),
  }
  const worker = new Worker(deps, { lookEveryMs: 100 })
  await worker.start()
  onTestFinished(() => worker.stop())
  return { domainId, collectorId }
}

async function start(collector: { domainId: string; collectorId: string }, secretId = '') {
  const { jobId = '' } = await collect(
    context(),
    { queue },
    { ...collector, filter: {}, collectMode: '', secretId },
  )
  return { domainId: collector.domainId, jobId }
}

function hashOf(data: JsonObject): string {
  return createHash('sha256').update(JSON.stringify(data)).digest('hex')
}

test('a plugin process gets the data of each selected secret in a task of its own, and each opening names its task', async () => {
  const domainId = await givenDomain()
  const data = [{ token: 'hunter2' }, { token: 'correct horse' }]
  const projectId = await givenProject(db, domainId)
  const secrets = [
    await givenSecret(workshop, { domainId, provider: 'acme', data: { token: 'hunter2' } }),
    await givenSecret(workshop, { domainId, provider: 'acme', data: { token: 'correct horse' }, projectId }),
  ]
  const collector = await givenCollector(domainId, { provider: 'acme' })

  const { job, tasks } = await runToEnd(db, await start(collector))

  expect(job.status).toBe('SUCCESS')
  expect(await namesIn(db, domainId)).toEqual(data.map(hashOf).sort())
  const openings = await db.query(
    'select secret_id, collector_id, job_task_id, attempt from secret_opening where domain_id = $1 order by seq',
    [domainId],
  )
  expect(new Set(openings)).toEqual(
    new Set(
      tasks.map(({ jobTaskId, attempt }, at) => ({
        secretId: secrets[at]?.secretId,
        collectorId: collector.collectorId,
        jobTaskId,
        attempt,
      })),
    ),
  )
  const placed = await db.query('select name, project_id from cloud_service where domain_id = $1', [domainId])
  expect(placed).toContainEqual({ name: hashOf({ token: 'correct horse' }), projectId })
  expect(placed).toContainEqual({ name: hashOf({ token: 'hunter2' }), projectId: '' })
})

test('a request may name one of the selected secrets', async () => {
  const domainId = await givenDomain()
  const [one] = [
    await givenSecret(workshop, { domainId, provider: 'acme', data: { token: 'one' } }),
    await givenSecret(workshop, { domainId, provider: 'acme', data: { token: 'other' } }),
  ]
  const { tasks } = await runToEnd(
    db,
    await start(await givenCollector(domainId, { provider: 'acme' }), one.secretId),
  )
  expect(tasks).toHaveLength(1)
  expect(await namesIn(db, domainId)).toEqual([hashOf({ token: 'one' })])
})

test('collecting with a choice that selects nothing is refused, and no job is made', async () => {
  const domainId = await givenDomain()
  const collector = await givenCollector(domainId, { provider: 'globex' })
  await expect(start(collector)).rejects.toMatchObject({
    kind: 'failed_precondition',
    code: 'ERROR_NO_SECRET',
  })
  expect(await db.query('select from job where domain_id = $1', [domainId])).toEqual([])
})

test('a secret whose data do not open fails its task, says why, and is not tried again', async () => {
  const domainId = await givenDomain()
  const { secretId } = await givenSecret(workshop, { domainId, provider: 'acme' })
  await db.query(`update secret set key_version = 9 where domain_id = $1`, [domainId])

  const { job, task } = await runToEnd(db, await start(await givenCollector(domainId, { provider: 'acme' })))

  expect(job.status).toBe('ERROR')
  expect(task).toMatchObject({ status: 'FAILURE', attempt: 1 })
  expect(task.errors[0]).toMatchObject({
    error_code: 'ERROR_SECRET_UNREADABLE',
    message: expect.stringContaining(secretId),
  })
})
