import type { Database } from '../../../src/storage/index.ts'

/** Writes rows as a collect leaves them, so that reading is tested apart from writing. */
export type Given = {
  /** A collector's voice and a job its tasks belong to. */
  contributor(input: { collectorId: string; secretId?: string }): Promise<number>
  cloudService(row: Readonly<Record<string, unknown>>): Promise<void>
  contribution(input: {
    contributorId: number
    slot: number
    targetId: string
    changedSeq: number
  }): Promise<void>
  /** A task; its sequence number orders it among the runs. */
  task(input: TaskInput): Promise<number>
  /** The bitmap that a finished task leaves. */
  run(input: {
    contributorId: number
    taskSeq: number
    taskId: string
    seen: readonly number[]
    finishedAt: string
  }): Promise<void>
}

export type TaskInput = {
  readonly taskId: string
  readonly contributorId: number
  readonly status?: string
  readonly provider?: string
  readonly serviceAccountId?: string
  readonly startedAt?: string
}

const NOW = '2026-01-01T00:00:00.000Z'

/** Makes a domain and returns what can be put into it. */
export async function givenDomain(db: Database, domainId: string): Promise<Given> {
  await db.query('insert into domain values ($1, $1, $2)', [domainId, NOW])
  await db.query(
    `insert into job (domain_id, job_id, collector_id, collector_info, status, collect_mode, total_tasks, remained_tasks,
                      created_at, updated_at)
     values ($1, 'job-1', 'collector-1', '{}', 'IN_PROGRESS', 'ALL', 1, 1, $2, $2)`,
    [domainId, NOW],
  )
  return {
    async contributor({ collectorId, secretId = '' }) {
      const [row] = await db.query<{ contributorId: number }>(
        'insert into contributor (domain_id, collector_id, secret_id) values ($1, $2, $3) returning contributor_id',
        [domainId, collectorId, secretId],
      )
      return row?.contributorId ?? 0
    },
    cloudService: (row) => insertCloudService(db, domainId, row),
    async contribution({ contributorId, slot, targetId, changedSeq }) {
      const hash = '00000000-0000-0000-0000-000000000000'
      await db.query(
        `insert into contribution (domain_id, contributor_id, slot, kind, target_id, memo, content_hash, first_seq, changed_seq)
         values ($1, $2, $3, 1, $4, $5, $5, $6, $6)`,
        [domainId, contributorId, slot, targetId, hash, changedSeq],
      )
    },
    task: (input) => insertTask(db, domainId, input),
    async run({ contributorId, taskSeq, taskId, seen, finishedAt }) {
      await db.query('insert into run values ($1, $2, $3, $4, $5, $6, true, $7)', [
        domainId,
        contributorId,
        taskSeq,
        taskId,
        toBitmap(seen),
        seen.length,
        finishedAt,
      ])
    },
  }
}

async function insertCloudService(
  db: Database,
  domainId: string,
  row: Readonly<Record<string, unknown>>,
): Promise<void> {
  const full = {
    domain_id: domainId,
    provider: 'aws',
    cloud_service_group: 'EC2',
    cloud_service_type: 'Instance',
    created_at: NOW,
    updated_at: NOW,
    ...row,
  }
  const columns = Object.keys(full)
  const values = Object.values(full).map((value) => (isPlainObject(value) ? JSON.stringify(value) : value))
  const holders = columns.map((_, at) => `$${at + 1}`)
  await db.query(`insert into cloud_service (${columns.join(', ')}) values (${holders.join(', ')})`, values)
}

async function insertTask(db: Database, domainId: string, input: TaskInput): Promise<number> {
  const {
    taskId,
    contributorId,
    status = 'SUCCESS',
    provider = '',
    serviceAccountId = '',
    startedAt = NOW,
  } = input
  const [row] = await db.query<{ seq: number }>(
    `insert into job_task (domain_id, job_task_id, job_id, collector_id, contributor_id, status, provider, service_account_id,
                           created_at, started_at)
     values ($1, $2, 'job-1', 'collector-1', $3, $4, $5, $6, $7, $8) returning seq`,
    [domainId, taskId, contributorId, status, provider, serviceAccountId, NOW, startedAt],
  )
  return row?.seq ?? 0
}

// Bit n of the bitmap is slot n, least significant first, as get_bit counts.
function toBitmap(slots: readonly number[]): Buffer {
  const bytes = Buffer.alloc(Math.ceil((Math.max(-1, ...slots) + 1) / 8))
  for (const slot of slots) bytes[slot >> 3] = (bytes[slot >> 3] ?? 0) | (1 << (slot & 7))
  return bytes
}

function isPlainObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}
