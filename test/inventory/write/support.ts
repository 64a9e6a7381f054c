import { randomBytes } from 'node:crypto'
import { create, type JsonObject, toBinary } from '@bufbuild/protobuf'
import { toBlock } from '../../../src/core/message-block.ts'
import {
  ResourceInfo_State,
  ResourceInfoSchema,
} from '../../../src/gen/spaceone/api/inventory/plugin/collector_pb.ts'
import {
  type BatchCounts,
  type CollectMode,
  closeRun,
  evaluationRevision,
  ingest,
} from '../../../src/inventory/index.ts'
import type { Database, Transaction } from '../../../src/storage/index.ts'
import { silentLog } from '../../support/silent-log.ts'

export const REVISION = evaluationRevision({
  priority: 10,
  projectId: '',
  pluginId: 'acme',
  pluginVersion: '1.0',
})

/** A domain of its own with collectors, the way a test speaks about them. */
export async function givenDomain(db: Database) {
  const domainId = `domain-${randomBytes(6).toString('hex')}`
  await db.query('insert into domain (domain_id, name, created_at) values ($1, $1, now())', [domainId])
  return domainId
}

export async function givenContributor(db: Database, domainId: string, options: { priority?: number } = {}) {
  const collectorId = `collector-${randomBytes(6).toString('hex')}`
  await db.query(
    `insert into collector (domain_id, collector_id, name, state, priority, is_public, plugin_id, plugin_version, upgrade_mode, created_at)
     values ($1, $2, $2, 'ENABLED', $3, true, 'acme', '1.0', 'AUTO', now())`,
    [domainId, collectorId, options.priority ?? 10],
  )
  const [row] = await db.query<{ contributorId: number }>(
    'insert into contributor (domain_id, collector_id) values ($1, $2) returning contributor_id',
    [domainId, collectorId],
  )
  return { domainId, collectorId, contributorId: row?.contributorId ?? 0 }
}

export type Contributor = Awaited<ReturnType<typeof givenContributor>>

export type RunOptions = {
  mode?: CollectMode
  revision?: string
  isFiltered?: boolean
  maxBatchItems?: number
  flushAfterMs?: number
  attempt?: number
  taskSeq?: number
  signal?: AbortSignal
  recordBatch?: (tx: Transaction, counts: BatchCounts) => Promise<void>
}

let nextSeq = 1_000

/** Runs one attempt over these chunks and adds up what it counted. */
export async function runOnce(
  db: Database,
  contributor: Contributor,
  stream: Iterable<readonly Uint8Array[]> | AsyncIterable<readonly Uint8Array[]>,
  options: RunOptions = {},
) {
  const total = {
    created: 0,
    updated: 0,
    unchanged: 0,
    failed: 0,
    types: 0,
    regions: 0,
    messages: 0,
    bytes: 0,
  }
  const errors: BatchCounts['errors'][number][] = []
  const taskSeq = options.taskSeq ?? nextSeq++
  const outcome = await ingest(
    { db, log: silentLog, now: () => new Date() },
    {
      ...contributor,
      taskSeq,
      jobTaskId: `job_task-${taskSeq}`,
      attempt: options.attempt ?? 1,
      mode: options.mode ?? 'ALL',
      isFiltered: options.isFiltered ?? false,
      ...(options.maxBatchItems === undefined ? {} : { maxBatchItems: options.maxBatchItems }),
      // What comes into a batch does not depend on how fast this machine is, unless that is what is tested.
      flushAfterMs: options.flushAfterMs ?? 600_000,
      revision: options.revision ?? REVISION,
      projectId: '',
      stream: toAsync(stream),
      signal: options.signal ?? new AbortController().signal,
      recordBatch: async (tx, counts) => {
        await options.recordBatch?.(tx, counts)
        tx.afterCommit(() => {
          for (const key of Object.keys(total)) add(total, counts, key as keyof typeof total)
          errors.push(...counts.errors)
        })
      },
    },
  ).then(
    () => 'complete' as const,
    (thrown: unknown) => thrown,
  )
  return { ...total, errors, outcome, taskSeq }
}

export async function closeTask(db: Database, contributor: Contributor, taskSeq: number, complete = true) {
  const run = { ...contributor, taskSeq, jobTaskId: `job_task-${taskSeq}`, complete, finishedAt: new Date() }
  await db.transaction((tx) => closeRun(tx, run))
}

function add<K extends string>(total: Record<K, number>, counts: Record<K, number>, key: K) {
  total[key] += counts[key]
}

async function* toAsync(stream: Iterable<readonly Uint8Array[]> | AsyncIterable<readonly Uint8Array[]>) {
  for await (const messages of stream) yield messages.map(toBlock)
}

export type Bucket = {
  id: string
  name?: string
  account?: string
  data?: JsonObject
  tags?: JsonObject
  rule?: readonly string[]
  extra?: JsonObject
}

/** A cloud service message as a public plugin sends it. */
export function bucket({
  id,
  name = id,
  account = '40017',
  data = { objects: 1 },
  tags = {},
  rule,
  extra,
}: Bucket): Uint8Array {
  return message(
    'inventory.CloudService',
    rule ?? ['reference.resource_id', 'provider', 'cloud_service_type', 'cloud_service_group', 'account'],
    {
      name,
      provider: 'acme',
      account,
      cloud_service_group: 'ObjectStore',
      cloud_service_type: 'Bucket',
      region_code: 'eu-1',
      reference: { resource_id: id },
      data,
      tags,
      ...extra,
    },
  )
}

export function region(code: string, name = code): Uint8Array {
  return message('inventory.Region', ['provider', 'region_code'], {
    name,
    region_code: code,
    provider: 'acme',
  })
}

export function serviceType(name: string): Uint8Array {
  return message('inventory.CloudServiceType', ['name', 'group', 'provider'], {
    name,
    group: 'ObjectStore',
    provider: 'acme',
    is_primary: true,
  })
}

export function message(resourceType: string, rule: readonly string[], resource: JsonObject): Uint8Array {
  return toBinary(
    ResourceInfoSchema,
    create(ResourceInfoSchema, {
      state: ResourceInfo_State.SUCCESS,
      resourceType,
      matchRules: { '1': [...rule] },
      resource,
    }),
  )
}

export async function listBuckets(db: Database, domainId: string) {
  return db.query<{
    cloudServiceId: string
    resourceId: string
    name: string
    data: JsonObject
    tags: JsonObject
    state: string
  }>(
    `select cloud_service_id, resource_id, name, data, tags, state from cloud_service where domain_id = $1 order by resource_id, name`,
    [domainId],
  )
}
