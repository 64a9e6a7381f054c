import { float8Array, type Sql, type Transaction, textArray } from '../../storage/index.ts'
import { fromRow, type Schedule, type ScheduleRow } from '../schedule.ts'

// By schedule_of_unknown_gap, which is empty when all are known. Who holds one fires, changes or deletes it,
// and nobody waits here.
const HOLD_UNKNOWN = `
select * from schedule where longest_gap_s is null order by domain_id, schedule_id limit $1 for update skip locked`

const HAS_UNKNOWN = 'select exists (select from schedule where longest_gap_s is null) as is_so'

const STORE_GAPS = `
update schedule s set longest_gap_s = g.gap_s
  from unnest($1::text[], $2::text[], $3::float8[]) as g (domain_id, schedule_id, gap_s)
 where s.domain_id = g.domain_id and s.schedule_id = g.schedule_id`

/** Holds schedules whose longest gap nobody has looked for, at most `limit`, until the transaction ends. */
export async function holdUnknownGaps(tx: Transaction, limit: number): Promise<readonly Schedule[]> {
  return (await tx.query<ScheduleRow>(HOLD_UNKNOWN, [limit])).map(fromRow)
}

export async function hasUnknownGaps(sql: Sql): Promise<boolean> {
  const [row] = await sql.query<{ isSo: boolean }>(HAS_UNKNOWN)
  return row?.isSo === true
}

/** Stores the longest gaps of schedules that the transaction holds, seconds. */
export async function storeGaps(
  tx: Transaction,
  gaps: readonly (Pick<Schedule, 'domainId' | 'scheduleId'> & { readonly gapS: number })[],
): Promise<void> {
  await tx.query(STORE_GAPS, [
    textArray(gaps.map(({ domainId }) => domainId)),
    textArray(gaps.map(({ scheduleId }) => scheduleId)),
    float8Array(gaps.map(({ gapS }) => gapS)),
  ])
}
