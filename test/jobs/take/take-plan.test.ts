import { afterAll, expect, test } from 'vitest'
import { TAKE_TASK, TAKE_TURN } from '../../../src/jobs/take/take-task.ts'
import type { Sql } from '../../../src/storage/index.ts'
import { openWorkshop } from '../support.ts'

const workshop = await openWorkshop()
const { db } = workshop
afterAll(workshop.close)

const DOMAINS = 200
const RUNNING = 50
const TAKE = `execute take_plan('w', 60000, now(), '{}', 1000, 1000)`

type PlanNode = {
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Join Filter'?: number
  readonly 'Rows Removed by Filter'?: number
  readonly Plans?: readonly PlanNode[]
}

/** Domains of these numbers with one collector and one lane each, in which ten tasks wait. */
async function fillLanes(sql: Sql, from: number, to: number): Promise<void> {
  const domains = `(select 'domain-' || lpad(to_hex(n), 12, '0') as domain_id from generate_series(${from}, ${to}) n) d`
  for (const statement of [
    `insert into domain (domain_id, name, created_at)
     select domain_id, 'd', now() from ${domains}`,
    `insert into collector (domain_id, collector_id, name, state, priority, is_public, plugin_id, plugin_version,
                            upgrade_mode, created_at)
     select domain_id, 'collector-1', 'c', 'ENABLED', 10, true, 'plugin-x', '1', 'MANUAL', now() from ${domains}`,
    `insert into contributor (domain_id, collector_id, secret_id)
     select domain_id, 'collector-1', 's' || n from ${domains}, generate_series(1, 10) n`,
    `insert into lane (domain_id, plugin_id, plugin_limit) select domain_id, 'plugin-x', 1000 from ${domains}`,
    `insert into job (domain_id, job_id, collector_id, collector_info, status, collect_mode, total_tasks, remained_tasks,
                      created_at, updated_at)
     select domain_id, 'job-1', 'collector-1', '{}', 'IN_PROGRESS', 'ALL', 10, 10, now(), now() from ${domains}`,
    `insert into job_task (domain_id, job_task_id, job_id, collector_id, contributor_id, secret_id, status, created_at,
                           lane_id)
     select c.domain_id, 'job_task-' || c.contributor_id, 'job-1', c.collector_id, c.contributor_id, c.secret_id,
            'PENDING', now(), l.lane_id
       from ${domains} join contributor c using (domain_id) join lane l using (domain_id)`,
  ])
    await sql.query(statement)
}

test('taking a task looks once at each lane in which something waits, though it was planned when nothing did', async () => {
  const plan = await db.transaction(async (tx) => {
    await tx.query(TAKE_TURN)
    await tx.query(`prepare take_plan as ${TAKE_TASK}`)
    await fillLanes(tx, 1, 1)
    await tx.query('analyze job_task, lane')
    expect(await tx.query(TAKE)).toHaveLength(1)
    await fillLanes(tx, 2, DOMAINS)
    for (let taken = 0; taken < RUNNING; taken++) expect(await tx.query(TAKE)).toHaveLength(1)
    const [row] = await tx.query<{ 'QUERY PLAN': readonly { Plan: PlanNode }[] }>(
      `explain (analyze, timing off, format json) ${TAKE}`,
    )
    return row?.['QUERY PLAN'][0]?.Plan
  })

  if (plan === undefined) throw new Error('no plan')
  expect(rowsOf(plan)).toBeLessThan(30 * (DOMAINS + RUNNING))
})

/** Rows that all steps of a plan have looked at. */
function rowsOf(node: PlanNode): number {
  const removed = (node['Rows Removed by Join Filter'] ?? 0) + (node['Rows Removed by Filter'] ?? 0)
  const own = (node['Actual Rows'] + removed) * node['Actual Loops']
  return own + (node.Plans ?? []).reduce((sum, part) => sum + rowsOf(part), 0)
}
