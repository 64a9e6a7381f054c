/**
 * The server of the collect benchmark, in a process of its own so that its memory is its own. Driven by
 * messages from `collect.ts`: it runs what it is told and answers with how long it took.
 */
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { ensureDomain } from '../src/access/index.ts'
import { startApp } from '../src/app.ts'
import { collect, createCollector } from '../src/collectors/index.ts'
import { readConfig } from '../src/config/index.ts'
import { newId } from '../src/core/ids.ts'
import { SecretData } from '../src/core/secret-data.ts'
import { type FinishedJob, findEnd } from '../src/findings.ts'
import type { PluginRecord } from '../src/plugins/index.ts'
import { runCollect } from '../src/plugins/stream/index.ts'
import { listen } from '../src/storage/index.ts'
import { createLogger } from '../src/telemetry/index.ts'
import { copyDocuments } from './copy-baseline.ts'
import { profileFlags } from './start-server.ts'

export type Order =
  | {
      readonly do: 'collect'
      readonly domainId: string
      readonly file: string
      /** UPDATE reads and compares as ALL does, and neither settles nor earns a receipt. Default ALL. */
      readonly mode?: 'ALL' | 'UPDATE'
    }
  | { readonly do: 'raw'; readonly file: string }
  | { readonly do: 'copy'; readonly domainId: string; readonly count: number }
  | { readonly do: 'drop'; readonly domainId: string }
  /** Vacuums and analyzes what was written, so that autovacuum does not do it within what is measured next. */
  | { readonly do: 'settle' }
  | { readonly do: 'memory' }
  /** How large the tables of resources, contributions and rosters are, with their indexes. */
  | { readonly do: 'size' }
  /** Begins to watch the event loop; the next one tells how it did, and begins anew. */
  | { readonly do: 'loop' }
  | { readonly do: 'address'; readonly domainId: string }
  | { readonly do: 'stop' }

export type Answer = {
  readonly seconds?: number
  readonly rssMb?: number
  readonly tableMb?: number
  /** 99th percentile of the event loop's delay. */
  readonly loopMs?: number
  readonly address?: { readonly url: string; readonly collectorId: string }
  readonly error?: string
}

const config = readConfig({
  args: [
    '--data-dir',
    process.argv[2] ?? '',
    '--http-port',
    '0',
    '--grpc-port',
    '0',
    '--first-inventory',
    'false',
    // Every complete run counts, as those do that are ten minutes apart.
    '--coverage-min-receipt-spacing',
    '0',
  ],
  env: {},
  root: process.cwd(),
})
const log = createLogger({ level: 'warn' })
const replay: PluginRecord = {
  pluginId: 'plugin-replay',
  name: 'Replay',
  image: `cmd:${JSON.stringify([
    process.execPath,
    ...profileFlags(process.argv[3]),
    join(import.meta.dirname, 'replay-plugin.ts'),
  ])}`,
  serviceType: 'inventory.Collector',
  provider: 'bench',
  capability: {},
  versions: ['1.0.0'],
  labels: [],
}
const app = await startApp({ config, log, plugins: [replay], pluginSettings: { dropPrivileges: false } })
const db = app.database.database
const { signal } = new AbortController()
const collectors = new Map<string, string>()
let hears = () => {}
const listener = await listen({
  connection: app.database.connection,
  log,
  channel: 'gleaner_event',
  onNotice: () => hears(),
})
const loop = monitorEventLoopDelay({ resolution: 5 })
loop.enable()

process.on('message', (order: Order) => {
  obey(order).then(answer, (thrown: unknown) => answer({ error: String(thrown) }))
})
answer({})

async function obey(order: Order): Promise<Answer> {
  switch (order.do) {
    case 'collect':
      return { seconds: await collectOnce(order.domainId, order.file, order.mode) }
    case 'raw':
      return { seconds: await readAndThrowAway(order.file) }
    case 'copy':
      await ensureDomain(db, { domainId: order.domainId, name: 'bench', now: new Date() })
      return { seconds: await copyDocuments(app.database.connection, order.domainId, order.count) }
    case 'drop':
      await dropResources(order.domainId)
      return {}
    case 'settle':
      await vacuum()
      return {}
    case 'memory':
      return { rssMb: process.memoryUsage.rss() / 1_048_576 }
    case 'size':
      return { tableMb: await readTableSize() }
    case 'loop': {
      const loopMs = loop.percentile(99) / 1e6
      loop.reset()
      return { loopMs }
    }
    case 'address': {
      const url = `http://127.0.0.1:${app.ports?.httpPort}`
      return { address: { url, collectorId: await ensureCollector(order.domainId) } }
    }
    case 'stop':
      await listener.close()
      await app.stop()
      setImmediate(() => process.exit())
      return {}
  }
}

/** From the call of `collect` to the end of the job, as a caller sees it. */
async function collectOnce(domainId: string, file: string, collectMode = ''): Promise<number> {
  const collectorId = await ensureCollector(domainId)
  // The same collector sends another file: options are no part of the evaluation, so its memos stay valid.
  await db.query('update collector set plugin_options = $3 where domain_id = $1 and collector_id = $2', [
    domainId,
    collectorId,
    { file },
  ])
  const startedAt = performance.now()
  const input = { domainId, collectorId, filter: {}, secretId: '', collectMode }
  const { jobId = '' } = await collect(context(), app.deps, input)
  const job = await hearEndOf({ domainId, jobId })
  if (job.status !== 'SUCCESS')
    throw new Error(`job ended ${job.status}: ${job.errors.slice(0, 3).join('; ')}`)
  return (performance.now() - startedAt) / 1_000
}

/**
 * Asked whenever something has happened, as who watches a job does: to ask every few milliseconds would be
 * measured, too.
 */
async function hearEndOf(job: { domainId: string; jobId: string }): Promise<FinishedJob> {
  for (;;) {
    const happens = new Promise<void>((resolve) => {
      hears = resolve
    })
    const known = await findEnd(db, job)
    if (known !== undefined) return known
    await happens
  }
}

async function ensureCollector(domainId: string): Promise<string> {
  const known = collectors.get(domainId)
  if (known !== undefined) return known
  await ensureDomain(db, { domainId, name: 'bench', now: new Date() })
  const { collectorId = '' } = await createCollector(context(), app.deps, {
    domainId,
    name: 'replay',
    priority: undefined,
    tags: {},
    isPublic: undefined,
    projectId: '',
    plugin: {
      pluginId: replay.pluginId,
      version: '',
      options: {},
      metadata: {},
      upgradeMode: undefined,
      selection: { secretId: '', secretGroupId: '', provider: '', serviceAccountId: '' },
    },
  })
  collectors.set(domainId, collectorId)
  return collectorId
}

async function readAndThrowAway(file: string): Promise<number> {
  const plugin = await app.deps.plugins.connect({ pluginId: replay.pluginId }, signal)
  const call = { options: { file }, secretData: new SecretData({}), filter: {} }
  const { order, end } = await plugin.handOver(call, signal)
  const startedAt = performance.now()
  let bytes = 0
  for await (const blocks of runCollect(order, {}, signal)) {
    for (const block of blocks) bytes += block.bytes.length
  }
  end()
  plugin.release()
  if (bytes === 0) throw new Error('the stream was empty')
  return (performance.now() - startedAt) / 1_000
}

async function readTableSize(): Promise<number> {
  const [row] = await db.query<{ bytes: number }>(
    `select (pg_total_relation_size('cloud_service') + pg_total_relation_size('contribution')
             + pg_total_relation_size('roster_page'))::float8 as bytes`,
  )
  return (row?.bytes ?? Number.NaN) / 1_048_576
}

async function dropResources(domainId: string): Promise<void> {
  for (const table of ['cloud_service', 'contribution', 'roster_page', 'change_record']) {
    await db.query(`delete from ${table} where domain_id = $1`, [domainId])
  }
  await vacuum()
}

async function vacuum(): Promise<void> {
  await db.query('vacuum analyze cloud_service, contribution, roster_page, change_record')
}

function context() {
  return {
    requestId: newId('request'),
    principal: { kind: 'system' as const, role: 'bench' },
    signal,
    db,
    now: () => new Date(),
    log,
  }
}

function answer(content: Answer): void {
  process.send?.(content)
}
