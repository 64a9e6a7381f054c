import { once } from 'node:events'
import { createServer, type Server } from 'node:http'

export type Call = {
  readonly path: string
  readonly body: Record<string, unknown>
  readonly authorization: string
  readonly asksForCoverage: boolean
}
export type Reply = {
  readonly status?: number
  readonly json?: unknown
  readonly text?: string
  /** Server-sent events in place of a document. */
  readonly events?: AsyncIterable<string>
  /** Where a redirect points to. */
  readonly location?: string
  readonly headers?: Readonly<Record<string, string>>
}
export type Answerer = (call: Call) => Reply | Promise<Reply>

export type FakeApi = {
  readonly url: string
  readonly calls: Call[]
  /** Replaces what a path answers from now on. */
  on(path: string, answer: Answerer): void
  callsOf(path: string): Call[]
  /** Goes away as a killed server does: nothing is answered any more, and connections break. */
  die(): Promise<void>
}

export const COLLECTOR = {
  collector_id: 'collector-0123456789ab',
  name: 'This machine',
  state: 'ENABLED',
  plugin_info: { plugin_id: 'plugin-host', version: '0.1.0', options: {}, upgrade_mode: 'AUTO' },
  priority: 10,
  created_at: '2026-01-02T03:00:00.000Z',
  last_collected_at: '2026-01-02T03:04:00.000Z',
  domain_id: 'domain-000000000001',
  provider: 'host',
}

export const JOB = {
  job_id: 'job-0123456789ab',
  status: 'SUCCESS',
  filter: {},
  total_tasks: 1,
  remained_tasks: 0,
  errors: [],
  collector_info: COLLECTOR,
  created_at: '2026-01-02T03:04:00.000Z',
  finished_at: '2026-01-02T03:04:03.200Z',
}

export const TASK = {
  job_task_id: 'job_task-0123456789ab',
  status: 'SUCCESS',
  attempt: 1,
  seen_count: 1234,
  created_count: 12,
  updated_count: 3,
  unchanged_count: 1219,
  failure_count: 0,
  bytes_read: '3000000',
  started_at: '2026-01-02T03:04:00.100Z',
  finished_at: '2026-01-02T03:04:03.200Z',
  warnings: [],
}

export const PROGRESS = {
  job_id: JOB.job_id,
  status: 'SUCCESS',
  partial: false,
  finished: true,
  tasks: [TASK],
}

export const RESOURCE = {
  cloud_service_id: 'cloud-svc-0123456789ab',
  name: 'sda',
  state: 'ACTIVE',
  account: 'machine-1',
  provider: 'host',
  cloud_service_group: 'Storage',
  cloud_service_type: 'Disk',
  region_code: '',
  data: { size_bytes: 1024, partitions: [{ name: 'sda1' }, { name: 'sda2' }] },
  reference: { resource_id: 'disk-1', external_link: '' },
  collection_info: [{ collector_id: COLLECTOR.collector_id, last_collected_at: '2026-01-02T03:04:00.000Z' }],
  created_at: '2026-01-02T03:04:00.000Z',
  updated_at: '2026-01-02T03:04:00.000Z',
  deleted_at: '',
}

const one = (document: unknown) => ({ json: { results: [document], total_count: 1 } })

const ANSWERS: Readonly<Record<string, Answerer>> = {
  '/check': () => ({ json: { status: 'SERVING' } }),
  '/openapi.json': () => ({ json: { info: { version: '0.1.0' } } }),
  '/inventory/v1/collector/list': () => one(COLLECTOR),
  '/inventory/v1/collector/get': () => ({ json: COLLECTOR }),
  '/inventory/v1/collector/collect': () => ({ json: { ...JOB, status: 'CREATED', finished_at: '' } }),
  '/gleaner/v1/collector-settings/get': () => ({
    json: { overlap_policy: 'PARALLEL', worker_selector: {}, max_parallel_tasks: 0 },
  }),
  '/inventory/v1/job/list': () => one(JOB),
  '/inventory/v1/job/get': () => ({ json: JOB }),
  '/inventory/v1/job-task/list': () => one({ job_task_id: TASK.job_task_id, secret_id: '', errors: [] }),
  '/gleaner/v1/job-progress/get': () => ({ json: PROGRESS }),
  '/inventory/v1/cloud-service/list': () => one(RESOURCE),
  '/gleaner/v1/search/resources': () => one(RESOURCE),
  '/inventory/v1/cloud-service/get': () => ({ json: RESOURCE }),
  '/inventory/v1/cloud-service/stat': () => ({
    json: { results: [{ provider: 'host', group: 'Storage', type: 'Disk', count: 1 }] },
  }),
}

/** Starts a real HTTP server that answers the API's paths with documents of the contract's shape. */
export async function startFakeApi(answers: Readonly<Record<string, Answerer>> = {}): Promise<FakeApi> {
  const table = new Map(Object.entries({ ...ANSWERS, ...answers }))
  const calls: Call[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    const path = request.url ?? ''
    const call = {
      path,
      body: text === '' ? {} : JSON.parse(text),
      authorization: request.headers.authorization ?? '',
      asksForCoverage: 'x-gleaner-coverage' in request.headers,
    }
    calls.push(call)
    const {
      status = 200,
      json,
      text: body = JSON.stringify(json),
      location,
      events,
      headers = {},
    } = (await table.get(path)?.(call)) ?? NO_PATH
    if (location !== undefined) response.setHeader('location', location)
    if (events === undefined) {
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
      return
    }
    response.writeHead(status, { 'content-type': 'text/event-stream' })
    for await (const event of events) response.write(event)
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    calls,
    on: (path, answer) => table.set(path, answer),
    callsOf: (path) => calls.filter((call) => call.path === path),
    async die() {
      server.close()
      server.closeAllConnections()
    },
  }
}

const NO_PATH: Reply = {
  status: 404,
  json: { detail: { code: 'ERROR_UNKNOWN_PATH', message: 'no such path' } },
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
