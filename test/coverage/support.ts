import type { JsonObject } from '@bufbuild/protobuf'
import { type CoverageSettings, DEFAULT_COVERAGE_SETTINGS } from '../../src/coverage/index.ts'
import { createPartStore } from '../../src/jobs/part/index.ts'
import { runTask } from '../../src/jobs/run/run-task.ts'
import { createTaskMeter } from '../../src/jobs/run/task-meter.ts'
import { takeTask } from '../../src/jobs/take/take-task.ts'
import { DEFAULT_WORKER_SETTINGS } from '../../src/jobs/worker.ts'
import type { Database } from '../../src/storage/index.ts'
import { message } from '../inventory/write/support.ts'
import { type Script, sends } from '../jobs/scripted-plugins.ts'
import { openWorkshop, readJob, type WorkshopOptions } from '../jobs/support.ts'
import { silentLog } from '../support/silent-log.ts'

export type Thing = {
  readonly id: string
  readonly name?: string
  readonly type?: string
  readonly region?: string
  readonly account?: string
  readonly data?: JsonObject
  readonly metadata?: JsonObject
  readonly rule?: readonly string[]
}

const RULE = ['reference.resource_id', 'provider', 'cloud_service_type', 'cloud_service_group', 'account']

/** A cloud service of the provider acme, as a public plugin sends it. */
export function thing({
  id,
  name = id,
  type = 'Bucket',
  region = 'eu-1',
  account = 'acc-1',
  data = {},
  metadata,
  rule = RULE,
}: Thing): Uint8Array {
  return message('inventory.CloudService', rule, {
    name,
    provider: 'acme',
    account,
    cloud_service_group: 'Store',
    cloud_service_type: type,
    region_code: region,
    reference: { resource_id: id },
    data,
    ...(metadata === undefined ? {} : { metadata }),
  })
}

/** What a plugin says when it could not read something. */
export function errorResource(text: string, named: JsonObject = {}): Uint8Array {
  return message('inventory.ErrorResource', [], {
    message: text,
    resource_type: 'inventory.CloudService',
    ...named,
  })
}

/** A cloud of one plugin: what its next run sends, and how that ends. */
export type Cloud = { sends: readonly Uint8Array[]; fails?: unknown; version?: string }

const HOUR = 3_600_000

/**
 * Drives jobs in this process, one task after the other, on a clock that moves an hour with each job: real
 * verbs, a real database, no waiting.
 */
export async function openCoverage(settings: Partial<CoverageSettings> = {}, options: WorkshopOptions = {}) {
  const workshop = await openWorkshop(options)
  const clock = { now: new Date('2026-01-01T00:00:00.000Z') }
  const now = () => clock.now
  const { db, keyring, wakes: queue, plugins } = workshop
  const limits = { ...DEFAULT_WORKER_SETTINGS, coverage: { ...DEFAULT_COVERAGE_SETTINGS, ...settings } }

  /** A collector on a cloud that the test changes as it goes. */
  async function givenCloud(things: readonly Uint8Array[], script: Script = {}) {
    const cloud: Cloud = { sends: things }
    async function* collect() {
      yield* sends(...cloud.sends)
      if (cloud.fails !== undefined) throw cloud.fails
    }
    const collector = await workshop.givenCollector({ collect, ...script })
    return { cloud, ...collector }
  }

  type Ran = { domainId: string; collectorId: string }

  /** Runs tasks that are due until there are none, and returns the job. */
  async function run(
    collector: Ran,
    options: { filter?: JsonObject; collectMode?: string; after?: number; secretId?: string } = {},
  ) {
    clock.now = new Date(clock.now.getTime() + (options.after ?? HOUR))
    const key = await workshop.startJob(collector, options)
    await runTasks()
    return await readJob(db, key)
  }

  /**
   * Runs the next task that is due; false when there is none. What it does to the database may go through
   * another one.
   */
  async function runNext(stop = new AbortController().signal, through: Database = db): Promise<boolean> {
    const signals = { stop, canceled: new AbortController().signal }
    const task = await takeTask(db, { owner: 'test', leaseMs: 60_000, now: now() })
    if (task === undefined) return false
    const common = { db: through, log: silentLog, now }
    const storePart = createPartStore(common)
    const deps = { ...common, queue, plugins, keyring, storePart, meter: createTaskMeter() }
    await runTask(deps, task, limits, signals)
    return true
  }

  async function runTasks(stop?: AbortSignal): Promise<void> {
    while (await runNext(stop)) if (stop?.aborted) return
  }

  async function runTimes(times: number, collector: Ran) {
    let last = await run(collector)
    for (let at = 1; at < times; at++) last = await run(collector)
    return last
  }

  /** Ids of the resources of a domain that are in this state, sorted. */
  async function idsIn(domainId: string, state = 'ACTIVE'): Promise<string[]> {
    const rows = await db.query<{ resourceId: string }>(
      'select resource_id from cloud_service where domain_id = $1 and state = $2 order by resource_id',
      [domainId, state],
    )
    return rows.map(({ resourceId }) => resourceId)
  }

  /** The id of the resource that a plugin calls so; empty when there is none. */
  async function idOf(domainId: string, resourceId: string): Promise<string> {
    const rows = await db.query<{ cloudServiceId: string }>(
      'select cloud_service_id from cloud_service where domain_id = $1 and resource_id = $2',
      [domainId, resourceId],
    )
    return rows[0]?.cloudServiceId ?? ''
  }

  /** Gives a collector to another domain, so that two of them look at one inventory. */
  async function moveTo(collectorId: string, from: string, to: string): Promise<void> {
    await db.query('update collector set domain_id = $3 where domain_id = $2 and collector_id = $1', [
      collectorId,
      from,
      to,
    ])
  }

  return { ...workshop, moveTo, clock, now, givenCloud, run, runTimes, runTasks, runNext, idsIn, idOf }
}

/** Things numbered from 1, with the same rest. */
export function things(count: number, rest: Partial<Thing> = {}): Uint8Array[] {
  return Array.from({ length: count }, (_, at) =>
    thing({ id: `${rest.type ?? 'b'}-${rest.region ?? 'eu-1'}-${at + 1}`, ...rest }),
  )
}
