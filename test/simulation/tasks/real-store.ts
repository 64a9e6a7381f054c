import { createCollector, updateCollectorSettings } from '../../../src/collectors/index.ts'
import { GleanerError } from '../../../src/core/errors.ts'
import { finishTask } from '../../../src/jobs/end/finish-task.ts'
import { cancelJobTask } from '../../../src/jobs/index.ts'
import { reapLeases } from '../../../src/jobs/lease/reap-leases.ts'
import { type ReleaseOptions, releaseTask } from '../../../src/jobs/lease/release-task.ts'
import { renewLease } from '../../../src/jobs/lease/renew-lease.ts'
import { recordBatch } from '../../../src/jobs/part/record-batch.ts'
import { splitTask } from '../../../src/jobs/run/split-task.ts'
import { startJobs } from '../../../src/jobs/start/start-jobs.ts'
import { giveUpUnserved } from '../../../src/jobs/take/give-up-unserved.ts'
import { noteWorker } from '../../../src/jobs/take/roll-call.ts'
import { takeTask } from '../../../src/jobs/take/take-task.ts'
import type { TakenTask } from '../../../src/jobs/task.ts'
import { newCollector, type Workshop } from '../../jobs/support.ts'
import { silentLog } from '../../support/silent-log.ts'
import type { ModelCollector, ModelEnding, ModelSettings, ModelTaker } from './model-types.ts'

const now = () => new Date()
const HOUR_MS = 3_600_000

/**
 * The tables that the model mirrors, and the product's statements over them. `hours` is the unit of its
 * clock.
 */
export async function openRealStore(
  workshop: Workshop,
  collectors: readonly ModelCollector[],
  { maxLost, live }: { readonly maxLost: number; readonly live: readonly (readonly string[])[] },
) {
  const { context, db, givenDomain, plugins, queue } = workshop
  const deps = { db, queue, log: silentLog, now }
  await db.query('delete from job')
  await db.query('delete from turn')
  const pluginIds = new Map<number, string>()
  const domainIds = new Map<number, string>()
  const keys = new Map<ModelCollector, { domainId: string; collectorId: string }>()
  const taskIds: string[] = []
  for (const collector of collectors) {
    const { domainId: domain, pluginId: plugin, pluginLimit } = collector
    const metadata = pluginLimit === undefined ? {} : { concurrency: pluginLimit }
    const pluginId = pluginIds.get(plugin) ?? plugins.add({ init: () => metadata })
    const domainId = domainIds.get(domain) ?? (await givenDomain())
    pluginIds.set(plugin, pluginId)
    domainIds.set(domain, domainId)
    const created = await createCollector(
      context(),
      { registry: plugins.registry, plugins },
      newCollector({ domainId, pluginId }),
    )
    keys.set(collector, { domainId, collectorId: created.collectorId ?? '' })
    await changeSettings(collector, collector)
  }

  async function changeSettings(collector: ModelCollector, settings: ModelSettings): Promise<void> {
    const { policy, selector, maxParallel } = settings
    await updateCollectorSettings(context(), keyOf(collector), {
      overlapPolicy: policy,
      workerSelector: Object.fromEntries(selector.map((label) => label.split('='))),
      maxParallelTasks: maxParallel,
    })
  }

  function keyOf(collector: ModelCollector) {
    const key = keys.get(collector)
    if (key === undefined) throw new Error('no such collector')
    return key
  }

  /** Gives tasks that are new the next numbers of the model, in their order. */
  async function nameNewTasks(): Promise<void> {
    const tasks = await db.query<{ jobTaskId: string }>(
      'select job_task_id from job_task where not job_task_id = any($1) order by seq',
      [taskIds],
    )
    taskIds.push(...tasks.map(({ jobTaskId }) => jobTaskId))
  }

  return {
    changeSettings,
    async startJob(collector: ModelCollector, secrets: readonly number[]): Promise<boolean> {
      const plan = {
        ...keyOf(collector),
        collectorInfo: {},
        filter: {},
        collectMode: 'ALL' as const,
        projectId: '',
        plannedAt: now(),
        tasks: secrets.map((secret) => ({
          secretId: `secret-${secret}`,
          provider: '',
          serviceAccountId: '',
          projectId: '',
        })),
      }
      const [start] = await db.transaction(async (tx) => {
        await tx.query(
          'select 1 from collector where domain_id = $1 and collector_id = $2 for no key update',
          [plan.domainId, plan.collectorId],
        )
        return await startJobs(tx, queue, [plan])
      })
      await nameNewTasks()
      return start?.kind === 'started'
    },
    async takeTask({ labels, perDomain, leaseMs }: ModelTaker): Promise<TakenTask | undefined> {
      const limits = { perDomain, perProvider: 0 }
      return await takeTask(db, { owner: 'w', leaseMs, now: now(), labels, limits })
    },
    renewLease: (lease: TakenTask, leaseMs: number) => wrote(renewLease(db, lease, leaseMs)),
    async splitTask(lease: TakenTask, others: number): Promise<boolean> {
      const options = Array.from({ length: others }, (_, part) => ({ part }))
      const written = await wrote(
        splitTask(db, lease, { first: {}, others: options, epoch: 'scope.means', at: now() }),
      )
      // The parts come after all tasks that the model has named, and what is renumbered has its name already.
      await nameNewTasks()
      return written
    },
    writeBatch: (lease: TakenTask, counts: { readonly created: number; readonly failed: number }) =>
      wrote(db.transaction((tx) => recordBatch(tx, lease, { ...NO_COUNTS, ...counts }))),
    releaseTask: (lease: TakenTask, options: ReleaseOptions) => wrote(releaseTask(deps, lease, options)),
    finishTask: (lease: TakenTask, ending: ModelEnding) =>
      wrote(finishTask(db, lease, { ...ending, at: now() })),
    /** As the reaper that has seen this attempt some time ago. */
    endHopeless: (lease: TakenTask) =>
      wrote(finishTask(db, lease, { status: 'FAILURE', complete: false, at: now() }, 'reaper')),
    reapLeases: () => reapLeases(deps, maxLost),
    async giveUpUnserved(): Promise<void> {
      await noteLive()
      await giveUpUnserved(deps, 0)
    },
    /** As somebody who has seen some time ago that no worker may run it. */
    async endUnserved(taskId: number): Promise<boolean> {
      await noteLive()
      const [task] = await db.query<TakenTask>('select * from job_task where job_task_id = $1', [
        taskIds[taskId],
      ])
      if (task === undefined) return false
      return await wrote(finishTask(db, task, { status: 'FAILURE', complete: false, at: now() }, 'unserved'))
    },
    async cancelTask(taskId: number): Promise<boolean> {
      const [task] = await db.query<{ domainId: string; status: string }>(
        'select domain_id, status from job_task where job_task_id = $1',
        [taskIds[taskId]],
      )
      if (task === undefined) return false
      // Canceling what is canceled is no error to callers, and changes nothing.
      const isOpen = task.status === 'PENDING' || task.status === 'IN_PROGRESS'
      const { domainId } = task
      const jobTaskId = taskIds[taskId] ?? ''
      return (await wrote(cancelJobTask(context(), { domainId, jobTaskId }))) && isOpen
    },
    /** As if so many hours had passed. */
    async passHours(hours: number): Promise<void> {
      await db.query(
        `update job_task set lease_expires_at = lease_expires_at - $1 * interval '1 millisecond',
                             due_at = due_at - $1 * interval '1 millisecond'`,
        [hours * HOUR_MS],
      )
    },
    taskIdOf: ({ jobTaskId }: TakenTask) => taskIds.indexOf(jobTaskId),
    async read(): Promise<object> {
      const tasks = await db.query(
        `select t.status, t.attempt, t.is_prepared, t.failed_attempts, t.lost_attempts, t.timed_out,
                t.failure_count as refused, t.created_count as counted, l.selector, l.collector_id <> '' as is_own,
                (rank() over (order by t.seq))::int as place
           from job_task t left join lane l on l.domain_id = t.domain_id and l.lane_id = t.lane_id
          order by array_position($1::text[], t.job_task_id)`,
        [taskIds],
      )
      const jobs = await db.query('select status, total_tasks, remained_tasks from job order by seq')
      return { tasks, jobs }
    },
  }

  async function noteLive(): Promise<void> {
    for (const [place, labels] of live.entries()) await noteWorker(db, { id: `w${place}`, labels })
  }
}

export type RealStore = Awaited<ReturnType<typeof openRealStore>>

const NO_COUNTS = {
  created: 0,
  updated: 0,
  unchanged: 0,
  failed: 0,
  types: 0,
  regions: 0,
  messages: 0,
  bytes: 0,
  errors: [],
}

/** Whether a statement wrote: those that find no row say so by an error of ours. */
async function wrote(statement: Promise<unknown>): Promise<boolean> {
  try {
    await statement
    return true
  } catch (thrown) {
    if (thrown instanceof GleanerError && ['ERROR_LEASE_LOST', 'ERROR_JOB_STATE'].includes(thrown.code))
      return false
    throw thrown
  }
}
