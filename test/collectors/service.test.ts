import { create, type DescMessage, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import { afterAll, expect, test } from 'vitest'
import {
  CollectorInfo_State,
  CollectorInfoSchema,
  CollectorRequestSchema,
  CreateCollectorRequestSchema,
  PluginInfo_UpgradeMode,
  UpdateCollectorRequestSchema,
  UpdatePluginRequest_UpgradeMode,
  UpdatePluginRequestSchema,
} from '../../src/gen/spaceone/api/inventory/v1/collector_pb.ts'
import { createCollectorService } from '../../src/server/handlers/collector.ts'
import { jobService } from '../../src/server/handlers/job.ts'
import { jobProgressService } from '../../src/server/handlers/job-progress.ts'
import { jobTaskService } from '../../src/server/handlers/job-task.ts'
import { bucket } from '../inventory/write/support.ts'
import { sends } from '../jobs/scripted-plugins.ts'
import { openWorkshop, runToEnd } from '../jobs/support.ts'
import { givenProject } from '../secrets/support.ts'
import { startApi } from '../support/api-server.ts'

const workshop = await openWorkshop()
const { db, givenDomain, givenWorker, keyring, plugins, queue } = workshop
const pluginId = plugins.add({ collect: () => sends(bucket({ id: 'a' })) })
const collectors = createCollectorService({
  registry: plugins.registry,
  plugins,
  queue,
  keyring,
  schedules: { ignorePluginSupport: false },
})
const api = await startApi([collectors, jobService, jobTaskService, jobProgressService], {}, db)
afterAll(async () => {
  await api.stop()
  await workshop.close()
})

async function post(path: string, body: object) {
  const answer = await api.post(path, JSON.stringify(body))
  return { status: answer.status, body: JSON.parse(answer.text) }
}

test('over REST a collector is created, run, watched, listed and deleted', async () => {
  const domain_id = await givenDomain()
  await givenWorker()

  const created = await post('/inventory/v1/collector/create', {
    name: 'Acme',
    plugin_info: { plugin_id: pluginId, options: { a: [1, null] } },
    priority: 0,
    domain_id,
  })
  expect(created).toMatchObject({
    status: 200,
    body: { state: 'ENABLED', priority: 0, is_public: true, plugin_info: { upgrade_mode: 'AUTO' } },
  })
  const { collector_id } = created.body

  const started = await post('/inventory/v1/collector/collect', { collector_id, domain_id })
  expect(started).toMatchObject({
    status: 200,
    body: { status: 'IN_PROGRESS', collector_info: { collector_id } },
  })
  const { job_id } = started.body
  await runToEnd(db, { domainId: domain_id, jobId: job_id })

  expect(await post('/gleaner/v1/job-progress/get', { job_id, domain_id })).toMatchObject({
    body: { finished: true, status: 'SUCCESS', tasks: [{ created_count: 1, seen_count: 1 }] },
  })
  expect(await post('/inventory/v1/job/list', { domain_id, status: 'SUCCESS', collector_id })).toMatchObject({
    body: { total_count: 1, results: [{ job_id, remained_tasks: 0, errors: [] }] },
  })
  expect(await post('/inventory/v1/job-task/list', { domain_id, job_id })).toMatchObject({
    body: { total_count: 1, results: [{ status: 'SUCCESS', created_count: 1 }] },
  })
  const query = { filter: [{ k: 'plugin_info.plugin_id', v: pluginId, o: 'eq' }], minimal: true }
  expect(await post('/inventory/v1/collector/list', { domain_id, state: 'ENABLED', query })).toMatchObject({
    body: { total_count: 1, results: [{ collector_id, plugin_info: { plugin_id: pluginId } }] },
  })

  expect(await post('/inventory/v1/collector/delete', { collector_id, domain_id })).toMatchObject({
    status: 200,
  })
  expect(await post('/inventory/v1/collector/get', { collector_id, domain_id })).toMatchObject({
    status: 404,
    body: { detail: { code: 'ERROR_NOT_FOUND' } },
  })
  expect(await post('/inventory/v1/job/get', { job_id, domain_id })).toMatchObject({
    body: { collector_info: { collector_id, name: 'Acme' } },
  })
})

test('over REST an explicit false without a project is refused', async () => {
  const domain_id = await givenDomain()
  const body = { name: 'Acme', plugin_info: { plugin_id: pluginId }, is_public: false, domain_id }
  expect(await post('/inventory/v1/collector/create', body)).toMatchObject({
    status: 400,
    body: { detail: { code: 'ERROR_REQUIRED_PARAMETER' } },
  })
})

test('over gRPC a default priority is 10, and a project makes a collector private', async () => {
  const domainId = await givenDomain()
  const projectId = await givenProject(db, domainId)
  const request = create(CreateCollectorRequestSchema, {
    name: 'Acme',
    pluginInfo: { pluginId },
    projectId,
    domainId,
  })
  const { code, bytes } = await api.call(
    '/spaceone.api.inventory.v1.Collector/create',
    toBinary(CreateCollectorRequestSchema, request),
  )
  expect(code).toBe(0)
  expect(fromBinary(CollectorInfoSchema, bytes ?? new Uint8Array())).toMatchObject({
    priority: 10,
    isPublic: false,
    projectId,
  })
})

test('over REST a collector is changed by exactly what was sent', async () => {
  const domain_id = await givenDomain()
  const plugin_info = { plugin_id: pluginId, options: { a: 1 } }
  const created = await post('/inventory/v1/collector/create', { name: 'Acme', plugin_info, domain_id })
  const key = { collector_id: created.body.collector_id, domain_id }

  expect(
    await post('/inventory/v1/collector/update', { ...key, priority: 0, tags: { a: 'b' } }),
  ).toMatchObject({
    status: 200,
    body: { name: 'Acme', priority: 0, tags: { a: 'b' }, plugin_info },
  })
  const cleared = { ...key, tags: {}, plugin_info: { options: {}, upgrade_mode: 'MANUAL' } }
  expect(await post('/inventory/v1/collector/update', cleared)).toMatchObject({
    body: { priority: 0, tags: {}, plugin_info: { options: {}, upgrade_mode: 'MANUAL' } },
  })
  const plugin = { ...key, options: { b: 2 }, version: '1.0.0', upgrade_mode: 'AUTO' }
  expect(await post('/inventory/v1/collector/update-plugin', plugin)).toMatchObject({
    body: { plugin_info: { options: { b: 2 }, version: '1.0.0', upgrade_mode: 'AUTO' } },
  })
  expect(await post('/inventory/v1/collector/disable', key)).toMatchObject({ body: { state: 'DISABLED' } })
  expect(await post('/inventory/v1/collector/enable', key)).toMatchObject({ body: { state: 'ENABLED' } })
  expect(await post('/inventory/v1/collector/update', { ...key, name: '', priority: 100 })).toMatchObject({
    status: 400,
    body: { detail: { message: expect.stringMatching(/'name'.*'priority'/) } },
  })
})

test('over gRPC an absent field keeps its value, and an empty Struct clears', async () => {
  const domainId = await givenDomain()
  const pluginInfo = { pluginId, options: { a: 1 } }
  const created = await call('create', CreateCollectorRequestSchema, {
    name: 'Acme',
    priority: 3,
    tags: { a: 'b' },
    pluginInfo,
    domainId,
  })
  const key = { collectorId: created.collectorId, domainId }

  expect(await call('update', UpdateCollectorRequestSchema, { ...key, name: 'Ajax' })).toEqual({
    ...created,
    name: 'Ajax',
  })
  const cleared = { ...key, tags: {}, pluginInfo: { options: {} } }
  expect(await call('update', UpdateCollectorRequestSchema, cleared)).toMatchObject({
    priority: 3,
    tags: {},
    pluginInfo: { options: {} },
  })
  const plugin = { ...key, options: { b: 2 }, upgradeMode: UpdatePluginRequest_UpgradeMode.MANUAL }
  expect(await call('update_plugin', UpdatePluginRequestSchema, plugin)).toMatchObject({
    pluginInfo: { options: { b: 2 }, version: '1.0.0', upgradeMode: PluginInfo_UpgradeMode.MANUAL },
  })
  expect(await call('disable', CollectorRequestSchema, key)).toMatchObject({
    state: CollectorInfo_State.DISABLED,
  })
  expect(await call('enable', CollectorRequestSchema, key)).toMatchObject({
    state: CollectorInfo_State.ENABLED,
  })
})

/** Calls a method that answers a collector. */
async function call<S extends DescMessage>(method: string, schema: S, request: MessageInitShape<S>) {
  const path = `/spaceone.api.inventory.v1.Collector/${method}`
  const { code, details, bytes } = await api.call(path, toBinary(schema, create(schema, request)))
  expect({ code, details }).toEqual({ code: 0, details: '' })
  return fromBinary(CollectorInfoSchema, bytes ?? new Uint8Array())
}
