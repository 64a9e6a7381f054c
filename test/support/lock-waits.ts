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

/** Waits until a statement of this database waits for a lock. */
export async function untilSomebodyWaits(sql: Sql): Promise<void> {
  while ((await sql.query(WAITS)).length === 0);
}
