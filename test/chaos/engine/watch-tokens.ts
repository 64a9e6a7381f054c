import type { Database } from '../../../src/storage/index.ts'

/**
 * Looks at the end of each transaction that wrote a batch whether the attempt that wrote it still owned its
 * task. This is not the fence: it stands beside it, and notes what the fence let through.
 */
export async function watchTokens(db: Database): Promise<void> {
  for (const statement of [
    'create table lost_token_write (domain_id text, task_seq bigint, attempt integer, owner integer, status text)',
    `create function note_lost_token() returns trigger language plpgsql as $$
     begin
       insert into lost_token_write
       select new.domain_id, new.task_seq, new.attempt, t.attempt, t.status from job_task t
        where t.domain_id = new.domain_id and t.seq = new.task_seq
          and (t.attempt <> new.attempt or t.status <> 'IN_PROGRESS');
       return null;
     end $$`,
    `create constraint trigger sighting_owner after insert on sighting
     deferrable initially deferred for each row execute function note_lost_token()`,
  ]) {
    await db.query(statement)
  }
}

/** Batches that were committed by an attempt that no longer owned its task. */
export async function countLostTokenWrites(db: Database): Promise<number> {
  const [row] = await db.query<{ count: number }>('select count(*) as count from lost_token_write')
  return row?.count ?? -1
}
