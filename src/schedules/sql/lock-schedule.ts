import { NotFound } from '../../core/errors.ts'
import type { Transaction } from '../../storage/index.ts'
import { fromRow, type Schedule, type ScheduleKey, type ScheduleRow } from '../schedule.ts'

// After the collector's row, whose deletion takes the schedules with it.
const LOCK_SCHEDULE = `
select * from schedule where domain_id = $1 and schedule_id = $2 and collector_id = $3 for update`

/** Holds a schedule of a collector until the transaction ends; another collector's is NOT_FOUND. */
export async function lockSchedule(tx: Transaction, key: ScheduleKey): Promise<Schedule> {
  const [row] = await tx.query<ScheduleRow>(LOCK_SCHEDULE, [key.domainId, key.scheduleId, key.collectorId])
  if (row === undefined) throw new NotFound('schedule', key.scheduleId)
  return fromRow(row)
}
