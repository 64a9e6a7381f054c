import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { ensureDomain } from '../../src/access/index.ts'
import { Collector } from '../../src/gen/spaceone/api/inventory/v1/collector_pb.ts'
import { findFreePort } from '../../src/plugins/process/find-free-port.ts'
import { addressOf } from '../support/app.ts'
import { createTestDatabase } from '../support/database.ts'
import { type ReceivedSpan, startTraceReceiver } from '../support/trace-receiver.ts'
import { callGrpc, makeDataDir, post, startServer } from './server-process.ts'

const ENTRY = join(import.meta.dirname, 'server-with-sample.ts')
const DOMAIN = 'domain-000000000001'
const TRACE_ID = '0af7651916cd43dd8448eb211c80319c'
const GRPC_TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736'
const CALLER = 'b7ad6b7169203331'
const NEEDLE = 'needle-that-no-trace-may-hold'

const { dataDir, remove } = makeDataDir()
const { dataDir: workerDir, remove: removeWorkers } = makeDataDir()
const database = await createTestDatabase()
const receiver = await startTraceReceiver()
afterAll(async () => {
  await receiver.close()
  await database.drop()
  remove()
  removeWorkers()
})

test('one trace leads from the REST call through the job to the batches that another process writes', async () => {
  await ensureDomain(database.db, { domainId: DOMAIN, name: 'Traced', now: new Date() })
  const http = await findFreePort()
  const api = givenProcess(dataDir, 'api', ['--http-port', String(http)])
  await api.until(/Gleaner is ready/)
  const worker = givenProcess(workerDir, 'worker')
  const collector = await givenSampleCollector(http)
  const response = await fetch(`http://127.0.0.1:${http}/inventory/v1/collector/collect`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', traceparent: `00-${TRACE_ID}-${CALLER}-01` },
    body: JSON.stringify({ domain_id: DOMAIN, collector_id: collector.collector_id }),
  })
  const job = JSON.parse(await response.text())
  await untilEnded(http, job.job_id)
  for (const server of [worker, api]) {
    server.child.kill('SIGTERM')
    expect(await server.exited).toBe(0)
  }

  const spans = receiver.spans.filter(({ traceId }) => traceId === TRACE_ID)
  const request = theOne(spans, 'spaceone.api.inventory.v1.Collector.collect')
  const attempt = theOne(spans, 'job task attempt')
  const batches = spans.filter(({ name }) => name === 'batch')
  const calls = spans.filter(({ name }) => /\/(Collect|collect)$/.test(name))
  expect(request).toMatchObject({ parentSpanId: CALLER, service: 'api' })
  expect(request.attributes).toMatchObject({ 'gleaner.transport': 'rest', 'gleaner.domain_id': DOMAIN })
  expect(childrenOf(spans, request)).toContain('transaction')
  expect(ancestorsOf(spans, attempt)).toContain(request.spanId)
  expect(attempt.service).toBe('worker')
  expect(attempt.attributes).toMatchObject({ 'gleaner.job_id': job.job_id, 'gleaner.result': 'read' })
  expect(batches.length).toBeGreaterThan(0)
  for (const span of [...batches, ...calls]) expect(span.parentSpanId).toBe(attempt.spanId)
  expect(calls.length).toBe(1)
  expect(childrenOf(spans, batches[0])).toContain('transaction')
  expect(receiver.text()).not.toContain(NEEDLE)
})

test("a gRPC caller's trace leads to the attempt, and that of a schedule from the scheduler to the batches", async () => {
  await ensureDomain(database.db, { domainId: DOMAIN, name: 'Traced', now: new Date() })
  const [http, grpc] = [await findFreePort(), await findFreePort()]
  const ports = ['--http-port', String(http), '--grpc-port', String(grpc)]
  const server = givenProcess(dataDir, 'api,worker', ports)
  const scheduler = givenProcess(workerDir, 'scheduler')
  await Promise.all([server.until(/Gleaner is ready/), scheduler.until(/Gleaner is ready/)])
  const [called, scheduled] = [await givenSampleCollector(http), await givenSampleCollector(http)]

  const request = { domainId: DOMAIN, collectorId: called.collector_id }
  const traceparent = `00-${GRPC_TRACE_ID}-${CALLER}-01`
  const { jobId } = await callGrpc(grpc, Collector.method.collect, request, { traceparent })
  await untilEnded(http, jobId)
  const schedule = await post<{ schedule_id: string }>(http, '/inventory/v1/collector/add_schedule', {
    domain_id: DOMAIN,
    collector_id: scheduled.collector_id,
    // Not before it is made due below.
    schedule: { hours: [(new Date().getUTCHours() + 12) % 24] },
  })
  await database.db.query('update schedule set next_due_at = now()')
  const { job_id: scheduledJob } = await untilStarted(http, scheduled.collector_id)
  await untilEnded(http, scheduledJob)
  for (const { child, exited } of [scheduler, server]) {
    child.kill('SIGTERM')
    expect(await exited).toBe(0)
  }

  const ofCaller = receiver.spans.filter(({ traceId }) => traceId === GRPC_TRACE_ID)
  const call = theOne(ofCaller, 'spaceone.api.inventory.v1.Collector.collect')
  expect(call).toMatchObject({ parentSpanId: CALLER, attributes: { 'gleaner.transport': 'grpc' } })
  expect(ancestorsOf(ofCaller, theOne(ofCaller, 'job task attempt'))).toContain(call.spanId)
  const start = theOne(receiver.spans, 'schedule')
  expect(start).toMatchObject({
    service: 'scheduler',
    attributes: { 'gleaner.schedule_id': schedule.schedule_id, 'gleaner.job_id': scheduledJob },
  })
  const ofSchedule = receiver.spans.filter(({ traceId }) => traceId === start.traceId)
  const attempt = theOne(ofSchedule, 'job task attempt')
  expect(attempt).toMatchObject({ parentSpanId: start.spanId, service: 'api,worker' })
  expect(childrenOf(ofSchedule, attempt)).toContain('batch')
})

async function givenSampleCollector(http: number): Promise<{ readonly collector_id: string }> {
  return await post(http, '/inventory/v1/collector/create', {
    domain_id: DOMAIN,
    name: 'Sample',
    plugin_info: { plugin_id: 'plugin-sample', options: { count: 300 } },
    tags: { note: NEEDLE },
  })
}

async function untilStarted(http: number, collectorId: string): Promise<{ readonly job_id: string }> {
  for (;;) {
    const { results } = await post<{ results: { job_id: string }[] }>(http, '/inventory/v1/job/list', {
      domain_id: DOMAIN,
      collector_id: collectorId,
    })
    if (results[0] !== undefined) return results[0]
    await sleep(50)
  }
}

/** A process with this role on the test's database; it calls itself by the role in its traces. */
function givenProcess(folder: string, role: string, more: readonly string[] = []) {
  const shared = ['--database-url', addressOf(database.connection), '--master-key-file', `${dataDir}/key`]
  const flags = ['--roles', role, '--first-inventory', 'false', ...shared, ...more]
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint, OTEL_SERVICE_NAME: role }
  const server = startServer(folder, { entry: ENTRY, flags, env })
  onTestFinished(() => void server.child.kill('SIGKILL'))
  return server
}

async function untilEnded(http: number, jobId: string): Promise<void> {
  for (;;) {
    const progress = await post<{ status: string; finished: boolean }>(http, '/gleaner/v1/job-progress/get', {
      domain_id: DOMAIN,
      job_id: jobId,
    })
    if (progress.finished) return expect(progress.status).toBe('SUCCESS')
    await sleep(50)
  }
}

function theOne(spans: readonly ReceivedSpan[], name: string): ReceivedSpan {
  const [span, ...others] = spans.filter((each) => each.name === name)
  if (span !== undefined && others.length === 0) return span
  throw new Error(`not one span '${name}' among ${spans.map((each) => each.name).join(', ')}`)
}

function childrenOf(spans: readonly ReceivedSpan[], parent: ReceivedSpan | undefined): readonly string[] {
  return spans.filter(({ parentSpanId }) => parentSpanId === parent?.spanId).map(({ name }) => name)
}

function ancestorsOf(spans: readonly ReceivedSpan[], span: ReceivedSpan): readonly string[] {
  const parent = spans.find(({ spanId }) => spanId === span.parentSpanId)
  return parent === undefined ? [] : [parent.spanId, ...ancestorsOf(spans, parent)]
}
