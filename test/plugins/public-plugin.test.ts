import { join } from 'node:path'
import type { JsonObject } from '@bufbuild/protobuf'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { createCollector } from '../../src/collectors/index.ts'
import { listCloudServices, listCloudServiceTypes, listRegions } from '../../src/inventory/index.ts'
import { Worker, type WorkerSettings } from '../../src/jobs/index.ts'
import { createPluginRegistry } from '../../src/plugins/index.ts'
import { newCollector, openWorkshop, runToEnd } from '../jobs/support.ts'
import { patiently } from '../support/patiently.ts'
import { preparePython, pythonPluginImage } from '../support/python.ts'
import { silentLog } from '../support/silent-log.ts'
import { givenHost, recordOf } from './support.ts'

const python = preparePython()
if ('missing' in python) console.warn(`SKIPPED: the Python plugin cannot be run here: ${python.missing}`)
const PROGRAM = join(import.meta.dirname, '../fixtures/plugins/python/plugin.py')
const record = recordOf('python', 'missing' in python ? {} : { image: pythonPluginImage(python, PROGRAM) })

describe.skipIf('missing' in python)('a plugin on grpcio that knows nothing of this server', async () => {
  const workshop = await openWorkshop()
  const { context, db, keyring, notices, queue, givenDomain, startJob } = workshop
  afterAll(workshop.close)

  async function collected(options: JsonObject, settings: Partial<WorkerSettings> = {}) {
    const { host } = givenHost([record], { startTimeoutMs: 60_000 })
    const registry = createPluginRegistry({ records: [record] })
    const domainId = await givenDomain()
    const request = newCollector({ domainId, pluginId: record.pluginId, options })
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
    }
    const worker = new Worker(deps, { lookEveryMs: 100, ...settings })
    await worker.start()
    onTestFinished(() => worker.stop())
    const job = await runToEnd(db, await startJob({ domainId, collectorId: collector.collectorId ?? '' }))
    return { domainId, collector, ...job }
  }

  async function bucketsOf(domainId: string) {
    const { rows } = await listCloudServices(context(), { domainId })
    return Object.fromEntries(rows.map((row) => [row.name, row]))
  }

  test('describes itself, and every shape it sends is understood', async () => {
    const { collector, domainId, job, task } = await collected({})

    expect(collector.pluginInfo?.metadata).toMatchObject({
      supported_schedules: ['hours'],
      filter_format: [],
    })
    expect(task.errors).toEqual([])
    expect(job.status).toBe('SUCCESS')
    const buckets = await bucketsOf(domainId)
    expect(Object.keys(buckets).sort()).toEqual(
      ['json', 'last', 'no-account', 'nulls', 'old-rule', 'plain', 'tag-list'].map((name) => `${name}-eu-1`),
    )
    expect(buckets['plain-eu-1']).toMatchObject({
      provider: 'acme',
      account: '40017',
      cloudServiceGroup: 'ObjectStore',
      cloudServiceType: 'Bucket',
      regionCode: 'eu-1',
      instanceSize: 12.5,
      data: { objects: 42, versioning: true },
      reference: { resourceId: 'acme:os:plain-eu-1', externalLink: 'https://c.example/plain-eu-1' },
    })
    expect(buckets['tag-list-eu-1']?.tags).toEqual({ acme: { team: 'ops', stage: 'prod' } })
    expect(buckets['nulls-eu-1']).toMatchObject({
      instanceType: '',
      ipAddresses: [],
      tags: {},
      data: { owner: null },
    })
    expect(buckets['json-eu-1']?.data).toEqual({ objects: 7, deep: { list: [1, null] } })
    const types = await listCloudServiceTypes(context(), { domainId })
    expect(types.rows).toMatchObject([
      { name: 'Bucket', isPrimary: true, tags: { 'spaceone:icon': 'https://img.example/b.svg' } },
    ])
    const regions = await listRegions(context(), { domainId })
    expect(regions.rows).toMatchObject([{ name: 'Europe 1', regionCode: 'eu-1', provider: 'acme' }])
  })

  test('splits its work, and each part keeps its region', async () => {
    const { domainId, job, tasks } = await collected({ regions: ['eu-1', 'eu-2'] })

    expect(job.status).toBe('SUCCESS')
    expect(tasks).toHaveLength(2)
    const { rows } = await listCloudServices(context(), { domainId })
    const regions = rows.map(({ regionCode }) => regionCode)
    expect(new Set(regions)).toEqual(new Set(['eu-1', 'eu-2']))
    expect(regions).toHaveLength(14)
  })

  test('says what it could not read, with match rules and JSON in its message, and the rest is kept', async () => {
    const { domainId, job, task } = await collected({ fail: true })

    expect(job.status).toBe('ERROR')
    expect(task).toMatchObject({ status: 'FAILURE', failureCount: 1, createdCount: 6 })
    expect(task.errors).toMatchObject([{ message: 'ERROR_ACCESS_DENIED: may not list the locks of eu-1' }])
    expect(Object.keys(await bucketsOf(domainId))).toHaveLength(6)
  })

  test('may be silent for longer than a lease lasts', async () => {
    await patiently(1_000, async (leaseMs) => {
      const silence = { silence_seconds: (2 * leaseMs) / 1_000 }
      const { job, task } = await collected(silence, { leaseMs, renewEveryMs: leaseMs / 5 })

      expect(job.status).toBe('SUCCESS')
      expect(task).toMatchObject({ attempt: 1, lostAttempts: 0, createdCount: 7 })
    })
  })

  test('may send a message of 32 MiB', async () => {
    const { domainId, job, task } = await collected({ largest: true })

    expect(task.errors).toEqual([])
    expect(job.status).toBe('SUCCESS')
    const [row] = await db.query<{ length: number }>(
      `select length(data->>'parts') from cloud_service where domain_id = $1 and name = 'largest'`,
      [domainId],
    )
    expect(row?.length).toBeGreaterThan(33_500_000)
  })
})
