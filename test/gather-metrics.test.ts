import { afterAll, expect, test } from 'vitest'
import { gatherMetrics } from '../src/gather-metrics.ts'
import { Region } from '../src/gen/spaceone/api/inventory/v1/region_pb.ts'
import { createAdmission, implementService } from '../src/server/index.ts'
import { createDatabase, type WholeDatabase } from '../src/storage/index.ts'
import { bucket } from './inventory/write/support.ts'
import { openWorkshop, runToEnd } from './jobs/support.ts'
import { startApi } from './support/api-server.ts'
import { silentLog } from './support/silent-log.ts'

const workshop = await openWorkshop()
const { db, connection } = workshop
afterAll(workshop.close)

const plugins = {
  counters: () => ({ starts: 3, restarts: 1, failedStarts: 1, deaths: 1, running: 2, connections: 4 }),
}

/** Every sample by its name and labels, as a scraper reads them. */
function parse(text: string): Record<string, number> {
  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return Object.fromEntries(
    samples.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
  )
}

test('metrics tell what was collected, what waits, and how plugins and connections are', async () => {
  const worker = await workshop.givenWorker()
  const metrics = gatherMetrics({ db, log: silentLog, plugins, worker, housekeeper: undefined })
  const collector = await workshop.givenCollector({
    async *collect() {
      yield [bucket({ id: 'a' }), bucket({ id: 'b' })]
    },
  })
  await runToEnd(db, await workshop.startJob(collector))
  await worker.stop()
  await workshop.startJob(collector)

  const text = await metrics.text()
  metrics.stop()
  expect(parse(text)).toMatchObject({
    'gleaner_resources_total{result="created"}': 2,
    'gleaner_resources_total{result="updated"}': 0,
    'gleaner_tasks_ended_total{status="SUCCESS"}': 1,
    'gleaner_jobs_ended_total{status="SUCCESS"}': 1,
    'gleaner_coverage_cells{state="complete"}': 1,
    'gleaner_coverage_cells{state="stale"}': 0,
    gleaner_holds_open: 0,
    'gleaner_collectors_last_job{status="SUCCESS"}': 1,
    'gleaner_collectors_last_job{status="ERROR"}': 0,
    'gleaner_webhooks{state="failing"}': 0,
    'gleaner_tasks{status="PENDING"}': 1,
    'gleaner_tasks{status="IN_PROGRESS"}': 0,
    'gleaner_plugin_starts_total{outcome="died"}': 1,
    'gleaner_plugins{what="processes"}': 2,
    gleaner_scheduler_lag_seconds: 0,
    gleaner_leases_lost_total: 0,
    gleaner_process_resident_bytes: expect.toSatisfy((bytes: number) => bytes > 10_000_000),
  })
  expect(text).not.toContain(collector.domainId)
  expect(text).not.toContain(collector.collectorId)
})

test('the ledger is read for metrics once a while, and what waits each time', async () => {
  const texts: string[] = []
  const heard: WholeDatabase = {
    ...db,
    query: (text, params, options) => {
      texts.push(text)
      return db.query(text, params, options)
    },
  }
  const metrics = gatherMetrics({
    db: heard,
    log: silentLog,
    plugins,
    worker: undefined,
    housekeeper: undefined,
  })
  await metrics.text()
  const first = texts.filter((text) => text.includes('coverage_cell')).length
  await metrics.text()
  metrics.stop()
  expect(first).toBeGreaterThan(0)
  expect(texts.filter((text) => text.includes('coverage_cell')).length).toBe(first)
  expect(texts.filter((text) => text.includes('from hold'))).toHaveLength(2)
})

test('while the database is away the rest is told, and what it would know is left out', async () => {
  const away: WholeDatabase = createDatabase({
    connection: { connectionString: 'postgresql://nobody@127.0.0.1:1/none' },
    log: silentLog,
  })
  const metrics = gatherMetrics({
    db: away,
    log: silentLog,
    plugins,
    worker: undefined,
    housekeeper: undefined,
  })
  const samples = parse(await metrics.text())
  metrics.stop()
  await away.close()
  expect(samples).toMatchObject({ 'gleaner_plugins{what="processes"}': 2 })
  expect(
    Object.keys(samples).filter((name) => /tasks|queue_age|lag|cells|holds|webhooks/.test(name)),
  ).toEqual([])
})

test('waiting for a connection is counted', async () => {
  const narrow = createDatabase({ connection, log: silentLog, maxConnections: 1 })
  await Promise.all([narrow.query('select pg_sleep(0.01)'), narrow.query('select 1')])
  const { waits, waitedMs } = narrow.poolUse()
  await narrow.close()
  expect([waits, waitedMs > 0]).toEqual([1, true])
})

test('a server tells its requests by method and outcome', async () => {
  const admission = createAdmission(silentLog, { requestsPerSecondPerDomain: 1 })
  const none = { worker: undefined, housekeeper: undefined }
  const metrics = gatherMetrics({ db, log: silentLog, plugins, ...none, admission })
  const api = await startApi([implementService(Region, {})], {}, db, { metrics, admission })
  await api.post('/inventory/v1/region/list', '{}')
  for (let call = 0; call < 10; call++) admission.admit({ domainId: 'd', isStream: false })
  expect(() => admission.admit({ domainId: 'd', isStream: false })).toThrow(
    'more often than 1 times a second',
  )
  const { text, headers } = await api.get('/metrics')
  await api.stop()
  metrics.stop()
  expect(headers.get('content-type')).toMatch(/^text\/plain; version=0.0.4/)
  const labels = 'transport="rest",method="spaceone.api.inventory.v1.Region.list",code="ERROR_UNIMPLEMENTED"'
  expect(parse(text)).toMatchObject({
    [`gleaner_requests_total{${labels}}`]: 1,
    'gleaner_requests_shed_total{reason="rate"}': 1,
    'gleaner_requests_shed_total{reason="server"}': 0,
    'gleaner_requests_running{what="requests"}': 10,
  })
})
