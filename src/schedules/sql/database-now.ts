import type { Sql } from '../../storage/index.ts'

/** The present moment by the database's clock: the one clock that all schedulers share. */
export async function databaseNow(sql: Sql): Promise<Date> {
  const [row] = await sql.query<{ now: Date }>('select clock_timestamp() as now')
  if (row === undefined) throw new Error('the database told no time')
  return row.now
}
