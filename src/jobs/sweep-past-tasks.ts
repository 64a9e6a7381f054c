import type { Database } from '../storage/index.ts'

const MAX_TASKS = 1_000

// Nothing new comes to name a task that has ended, so what is unnamed now stays so. None of the tables has an
// index by task: each is read once for a thousand tasks, a day apart at least, and a task that was found
// named is not looked at again until `$2` has passed it.
const SWEEP = `
with looked as materialized (
  select seq from past_task
   where domain_id = $1 and (looked_at is null or looked_at < $2)
     and not exists (select 1 from past_task
                      where domain_id = $1 and looked_at > $3::timestamptz - interval '1 day' and looked_at < $3)
   order by looked_at nulls first, seq limit ${MAX_TASKS}
     for update skip locked
), named as materialized (
  select task_seq as seq from change_record where domain_id = $1 and task_seq in (select seq from looked)
   union
  select created_seq from cloud_service where domain_id = $1 and created_seq in (select seq from looked)
   union
  select changed_seq from contribution where domain_id = $1 and changed_seq in (select seq from looked)
   union
  select task_seq from run where domain_id = $1 and task_seq in (select seq from looked)
   union
  select task_seq from read_failure where domain_id = $1 and task_seq in (select seq from looked)
), gone as (
  delete from past_task
   where domain_id = $1 and seq in (select seq from looked except select seq from named)
  returning 1
), kept as (
  update past_task set looked_at = $3 where domain_id = $1 and seq in (select seq from named)
)
select (select count(*) from looked)::int as looked, (select count(*) from gone)::int as removed`

/**
 * Looks at a batch of the tasks of deleted jobs, and removes those that neither history, resources, runs nor
 * failures name any more. Those that were found named after `before` are left alone, and all where some were
 * found so within the last day.
 */
export async function sweepPastTasks(
  db: Database,
  domainId: string,
  { before, now }: { readonly before: Date; readonly now: Date },
): Promise<{ readonly looked: number; readonly removed: number }> {
  const [swept] = await db.query<{ looked: number; removed: number }>(SWEEP, [domainId, before, now])
  return swept ?? { looked: 0, removed: 0 }
}
