import { RequiredParameter } from '../core/errors.ts'
import type { ScheduleKey } from './schedule.ts'

/** Which of the two ids that name a schedule a request lacks. */
export function missingIds({ collectorId, scheduleId }: ScheduleKey): readonly RequiredParameter[] {
  const ids = { collector_id: collectorId, schedule_id: scheduleId }
  return Object.entries(ids).flatMap(([key, id]) => (id === '' ? [new RequiredParameter(key)] : []))
}
