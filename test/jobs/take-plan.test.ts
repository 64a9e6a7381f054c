import { afterAll, expect, test } from 'vitest'
import { TAKE_TASK, takeTask } from '../../src/jobs/take-task.ts'
import { openWorkshop } from './support.ts'

const workshop = await openWorkshop()
const { db } = workshop
afterAll(workshop.close)

const DOMAINS = 200
const RUNNING = 50
const NOW = new Date()
const TAKE = { owner: 'w', leaseMs: 60_000, now: NOW }

type PlanNode = {
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Join Filter'?: number
  readonly 'Rows Removed by Filter'?: number
  readonly Plans?: readonly PlanNode[]
}

/** Domains with one collector and one lane each, in which ten tasks wait. */
async function fillLanes(): Promise<void> {
  for (const statement of [
    `insert into domain (domain_id, name, created_at)
     select 'domain-' || lpad(to_hex(n), 12, '0'), 'd', now() from generate_series(1, ${DOMAINS}) n`,
    `insert into collector (domain_id, collector_id, name, state, priority, is_public, plugin_id, plugin_version,
                            upgrade_mode, created_at)
     select domain_id, 'collector-1', 'c', 'ENABLED', 10, true, 'plugin-x', '1', 'MANUAL', now() from domain`,
    `insert into contributor (domain_id, collector_id, secret_id)
     select domain_id, 'collector-1', 's' || n from domain, generate_series(1, 10) n`,
    `insert into lane (domain_id, plugin_id, plugin_limit) select domain_id, 'plugin-x', 1000 from domain`,
    `insert into job (domain_id, job_id, collector_id, collector_info, status, collect_mode, total_tasks, remained_tasks,
                      created_at, updated_at)
     select domain_id, 'job-1', 'collector-1', '{}', 'IN_PROGRESS', 'ALL', 10, 10, now(), now() from domain`,
    `insert into job_task (domain_id, job_task_id, job_id, collector_id, contributor_id, secret_id, status, created_at,
                           lane_id)
     select c.domain_id, 'job_task-' || c.contributor_id, 'job-1', c.collector_id, c.contributor_id, c.secret_id,
            'PENDING', now(), l.lane_id
       from contributor c join lane l using (domain_id)`,
  ])
    await db.query(statement)
}

test('taking a task looks once at each lane in which something waits, however many tasks run', async () => {
  await fillLanes()
  for (let taken = 0; taken < RUNNING; taken++) expect(await takeTask(db, TAKE)).toBeDefined()

  const [row] = await db.query<{ 'QUERY PLAN': readonly { Plan: PlanNode }[] }>(
    `explain (analyze, timing off, format json) ${TAKE_TASK}`,
    ['w', 60_000, NOW, [], 1_000, 1_000],
  )

  const plan = row?.['QUERY PLAN'][0]?.Plan
  if (plan === undefined) throw new Error('no plan')
  expect(rowsOf(plan)).toBeLessThan(30 * (DOMAINS + RUNNING))
})

/** Rows that all steps of a plan have looked at. */
function rowsOf(node: PlanNode): number {
  const removed = (node['Rows Removed by Join Filter'] ?? 0) + (node['Rows Removed by Filter'] ?? 0)
  const own = (node['Actual Rows'] + removed) * node['Actual Loops']
  return own + (node.Plans ?? []).reduce((sum, part) => sum + rowsOf(part), 0)
}
