import type { MessageInitShape } from '@bufbuild/protobuf'
import { toTimestamp } from '../../core/clock.ts'
import type { CollectionInfoSchema } from '../../gen/spaceone/api/inventory/v1/cloud_service_pb.ts'
import type { Sql } from '../../storage/index.ts'
import { findLastSightings, type Sighting, type Slot, slotKey } from './last-sightings.ts'

export type CollectionInfoView = MessageInitShape<typeof CollectionInfoSchema>

/**
 * Reads who reports the given cloud services and when each was last seen there, one entry a contributor; what
 * was written by hand is nobody's report. A few statements for a whole page: sightings are bitmaps of runs,
 * not columns of resources.
 */
export async function loadCollectionInfo(
  sql: Sql,
  domainId: string,
  cloudServiceIds: readonly string[],
): Promise<ReadonlyMap<string, readonly CollectionInfoView[]>> {
  const reports = await listReports(sql, domainId, cloudServiceIds)
  const sightings = await findLastSightings(sql, domainId, reports)
  const last = reports.map((report) => ({ report, sighting: newer(report, sightings.get(slotKey(report))) }))
  const tasks = await listTasks(sql, domainId, last)
  const infos = new Map<string, CollectionInfoView[]>()
  for (const { report, sighting } of last) {
    const task =
      sighting === undefined ? tasks.bySeq.get(report.changedSeq) : tasks.byId.get(sighting.jobTaskId)
    const entry = toCollectionInfo(report, task, sighting?.finishedAt ?? task?.at)
    infos.set(report.targetId, [...(infos.get(report.targetId) ?? []), entry])
  }
  return infos
}

type Report = Slot & { readonly targetId: string; readonly collectorId: string; readonly secretId: string }

type Task = {
  readonly jobTaskId: string
  readonly seq: number
  readonly provider: string
  readonly serviceAccountId: string
  readonly at: Date
}

async function listReports(
  sql: Sql,
  domainId: string,
  targetIds: readonly string[],
): Promise<readonly Report[]> {
  return sql.query<Report>(
    `select c.target_id, c.contributor_id, c.slot, c.changed_seq, w.collector_id, w.secret_id
     from contribution c join contributor w using (domain_id, contributor_id)
     where c.domain_id = $1 and c.target_id = any($2::text[]) and w.collector_id <> ''
     order by c.contributor_id, c.slot`,
    [domainId, targetIds],
  )
}

// A change newer than every finished run was brought by a task that still runs.
function newer(report: Report, sighting: Sighting | undefined): Sighting | undefined {
  return sighting === undefined || sighting.taskSeq < report.changedSeq ? undefined : sighting
}

async function listTasks(
  sql: Sql,
  domainId: string,
  last: readonly { readonly report: Report; readonly sighting: Sighting | undefined }[],
): Promise<{ readonly byId: ReadonlyMap<string, Task>; readonly bySeq: ReadonlyMap<number, Task> }> {
  const ids = new Set(last.flatMap(({ sighting }) => (sighting === undefined ? [] : [sighting.jobTaskId])))
  const seqs = new Set(
    last.flatMap(({ report, sighting }) => (sighting === undefined ? [report.changedSeq] : [])),
  )
  const byId =
    ids.size === 0 ? [] : await findTasks(sql, 'job_task_id = any($2::text[])', [domainId, [...ids]])
  const bySeq = seqs.size === 0 ? [] : await findTasks(sql, 'seq = any($2::bigint[])', [domainId, [...seqs]])
  return {
    byId: new Map(byId.map((task) => [task.jobTaskId, task])),
    bySeq: new Map(bySeq.map((task) => [task.seq, task])),
  }
}

async function findTasks(sql: Sql, condition: string, params: readonly unknown[]): Promise<readonly Task[]> {
  return sql.query<Task>(
    `select job_task_id, seq, provider, service_account_id, at
     from known_task where domain_id = $1 and ${condition}`,
    params,
  )
}

function toCollectionInfo(
  report: Report,
  task: Task | undefined,
  lastSeenAt: Date | undefined,
): CollectionInfoView {
  return {
    provider: task?.provider ?? '',
    serviceAccountId: task?.serviceAccountId ?? '',
    secretId: report.secretId,
    collectorId: report.collectorId,
    ...(lastSeenAt === undefined ? {} : { lastCollectedAt: toTimestamp(lastSeenAt) }),
  }
}
