import type { Sql } from '../../src/storage/index.ts'

/**
 * Of this database alone: all test files share one server. A wait for a row names no database, but whoever waits for it has locked its table.
 * Not by `pg_stat_activity`, which within a transaction stays as it was first seen.
 */
const WAITS = `
  select from pg_locks waiting
   where not granted
     and exists (select from pg_locks own
                  where own.pid = waiting.pid
                    and own.database = (select oid from pg_database where datname = current_database()))`

/** Whether a session of this database waits for a lock that another one holds. */
export async function isAnybodyWaiting(sql: Sql): Promise<boolean> {
  return (await sql.query(WAITS)).length > 0
}

/** Waits until one does. */
export async function untilSomebodyWaits(sql: Sql): Promise<void> {
  while (!(await isAnybodyWaiting(sql)));
}
