import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import type { JsonObject } from '@bufbuild/protobuf'
import { onTestFinished } from 'vitest'
import { type Context, ensureDomain } from '../../src/access/index.ts'
import { collect, createCollector } from '../../src/collectors/index.ts'
import {
  createTaskNotices,
  PgBossQueue,
  type TaskNotices,
  type TaskQueue,
  Worker,
  type WorkerDeps,
  type WorkerSettings,
} from '../../src/jobs/index.ts'
import { takeTask } from '../../src/jobs/take/take-task.ts'
import type { TakenTask } from '../../src/jobs/task.ts'
import type { Database, WholeDatabase } from '../../src/storage/index.ts'
import { createTestDatabase } from '../support/database.ts'
import { givenKeyring } from '../support/keyring.ts'
import { silentLog } from '../support/silent-log.ts'
import { type Script, ScriptedPlugins } from './scripted-plugins.ts'

const now = () => new Date()

export type WorkshopOptions = {
  /** Statements go through it on their way. */
  readonly driver?: (db: WholeDatabase) => WholeDatabase
  /** Of the sessions of the database. */
  readonly settings?: Readonly<Record<string, string>>
  /** The test takes its tasks itself: the queue is not started, and no wake-up is sent. */
  readonly isUnheard?: boolean
}

/** A database, a queue and scripted plugins for one test file; `close` it after all tests. */
export async function openWorkshop({
  driver = (db) => db,
  settings = {},
  isUnheard = false,
}: WorkshopOptions = {}) {
  const { db: plain, connection, drop } = await createTestDatabase({ maxConnections: 20, settings })
  const db = driver(plain)
  const queue = new PgBossQueue({ connection, log: silentLog })
  if (!isUnheard) await queue.start()
  const wakes = isUnheard ? UNHEARD : queue
  const keyring = await givenKeyring(db)
  const plugins = new ScriptedPlugins()
  const notices = () => createTaskNotices({ connection, log: silentLog })

  /** What a request brings, with an end that the test may set. */
  function context(signal = new AbortController().signal): Context {
    return { requestId: 'req-1', principal: { kind: 'anonymous' }, signal, db, now, log: silentLog }
  }

  async function givenDomain(): Promise<string> {
    const domainId = `domain-${randomBytes(6).toString('hex')}`
    await ensureDomain(db, { domainId, name: domainId, now: now() })
    return domainId
  }

  /** A collector in a domain of its own on a plugin that follows this script. */
  async function givenCollector(
    script: Script = {},
    options: { pluginOptions?: JsonObject; pluginId?: string } = {},
  ) {
    const domainId = await givenDomain()
    const pluginId = options.pluginId ?? plugins.add(script)
    const collector = await createCollector(
      context(),
      { registry: plugins.registry, plugins },
      newCollector({ domainId, pluginId, options: options.pluginOptions ?? {} }),
    )
    return { domainId, pluginId, collectorId: collector.collectorId ?? '' }
  }

  async function startJob(
    collector: { domainId: string; collectorId: string },
    options: { filter?: JsonObject; collectMode?: string; useCache?: boolean; secretId?: string } = {},
  ) {
    const { domainId, collectorId } = collector
    const { filter = {}, collectMode = '', useCache = false, secretId = '' } = options
    const job = await collect(
      context(),
      { queue: wakes },
      { domainId, collectorId, filter, collectMode, secretId, useCache },
    )
    return { domainId, jobId: job.jobId ?? '' }
  }

  /** A worker that is stopped with the test. */
  async function givenWorker(
    settings: Partial<WorkerSettings> = {},
    database: Database = db,
    hears: TaskNotices = notices(),
    more: Pick<WorkerDeps, 'storePart' | 'expectPart' | 'room'> = {},
  ) {
    const worker = new Worker(
      { db: database, queue, wakeUps: queue, notices: hears, plugins, keyring, log: silentLog, now, ...more },
      // A process that gets no processor for a while does not lose its tasks by it.
      { leaseMs: 120_000, ...settings },
    )
    await worker.start()
    onTestFinished(() => worker.stop())
    return worker
  }

  /** A task taken by a worker of which nothing is heard again. */
  async function takenByVanishedWorker(leaseMs = 1): Promise<TakenTask> {
    const task = await takeTask(db, { owner: 'vanished', leaseMs, now: now() })
    if (task === undefined) throw new Error('there was no task to take')
    return task
  }

  async function close(): Promise<void> {
    if (!isUnheard) await queue.stop()
    await drop()
  }

  return {
    db,
    connection,
    queue,
    wakes,
    keyring,
    plugins,
    notices,
    context,
    givenDomain,
    givenCollector,
    startJob,
    givenWorker,
    takenByVanishedWorker,
    close,
  }
}

const UNHEARD: TaskQueue = { wake: async () => {}, wakeAll: async () => {} }

export type Workshop = Awaited<ReturnType<typeof openWorkshop>>

/** A request for a collector in which everything that may be left out is. */
export function newCollector(wanted: {
  domainId: string
  pluginId: string
  options?: JsonObject
  version?: string
}): Parameters<typeof createCollector>[2] {
  const { domainId, pluginId, options = {}, version = '' } = wanted
  return {
    domainId,
    name: 'Acme',
    priority: undefined,
    tags: {},
    isPublic: undefined,
    projectId: '',
    plugin: {
      pluginId,
      version,
      options,
      metadata: {},
      upgradeMode: undefined,
      selection: { secretId: '', secretGroupId: '', provider: '', serviceAccountId: '' },
    },
  }
}

export type JobKey = { readonly domainId: string; readonly jobId: string }

export type JobRow = { status: string; totalTasks: number; remainedTasks: number; finishedAt: Date | null }

export type TaskRow = {
  jobId: string
  jobTaskId: string
  status: string
  attempt: number
  createdCount: number
  updatedCount: number
  unchangedCount: number
  failureCount: number
  disconnectedCount: number
  deletedCount: number
  errors: { error_code: string; message: string }[]
  failedAttempts: number
  lostAttempts: number
  timedOut: boolean
  startedAt: Date | null
  finishedAt: Date | null
}

/** A job and its tasks as they are stored now. */
export async function readJob(db: Database, { domainId, jobId }: JobKey) {
  const [job] = await db.query<JobRow>('select * from job where domain_id = $1 and job_id = $2', [
    domainId,
    jobId,
  ])
  const tasks = await db.query<TaskRow>(
    'select * from job_task where domain_id = $1 and job_id = $2 order by seq',
    [domainId, jobId],
  )
  const [task] = tasks
  if (job === undefined || task === undefined) throw new Error(`no job '${jobId}' with a task`)
  return { job, task, tasks }
}

/** Waits until a job has ended, and returns it. */
export async function runToEnd(db: Database, key: JobKey) {
  await until(async () => (await readJob(db, key)).job.finishedAt !== null)
  return await readJob(db, key)
}

/** Waits until something is so; the test's own time limit ends a wait in vain. */
export async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await pause(20)
}

/** Names of the resources stored in a domain, sorted. */
export async function namesIn(db: Database, domainId: string): Promise<string[]> {
  const rows = await db.query<{ name: string }>(
    'select name from cloud_service where domain_id = $1 order by name',
    [domainId],
  )
  return rows.map(({ name }) => name)
}
