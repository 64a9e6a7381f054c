import type { MessageInitShape } from '@bufbuild/protobuf'
import type { Context } from '../access/index.ts'
import { toTimestamp } from '../core/clock.ts'
import { InvalidParameter, NotFound } from '../core/errors.ts'
import { assertNoViolations } from '../core/violations.ts'
import type { ScheduleRunsInfoSchema } from '../gen/gleaner/v1/schedule_pb.ts'
import { listNextDue } from './next-due.ts'
import { fromRow, planOf, type ScheduleKey, type ScheduleRow } from './schedule.ts'
import { missingIds } from './schedule-violations.ts'

export type ScheduleRunsView = MessageInitShape<typeof ScheduleRunsInfoSchema>

const DEFAULT_COUNT = 5
const MAX_COUNT = 100

const READ_SCHEDULE = `
select s.*, c.state <> 'ENABLED' as paused, clock_timestamp() as now
  from schedule s join collector c on c.domain_id = s.domain_id and c.collector_id = s.collector_id
 where s.domain_id = $1 and s.schedule_id = $2 and s.collector_id = $3`

/** When a schedule runs next: the time that is stored, and those that would follow it. */
export async function nextRuns(
  ctx: Context,
  input: ScheduleKey & { readonly count?: number },
): Promise<ScheduleRunsView> {
  const { domainId, collectorId, scheduleId, count = DEFAULT_COUNT } = input
  assertNoViolations([...missingIds(input), ...countViolations(count)])
  const [row] = await ctx.db.query<ScheduleRow & { readonly paused: boolean; readonly now: Date }>(
    READ_SCHEDULE,
    [domainId, scheduleId, collectorId],
  )
  if (row === undefined) throw new NotFound('schedule', scheduleId)
  const { paused, now, nextDueAt, missedAt, timeZone } = row
  const runs =
    nextDueAt === null
      ? []
      : [nextDueAt, ...listNextDue(planOf(fromRow(row)), later(nextDueAt, now), count - 1)]
  return {
    scheduleId,
    timeZone,
    nextRuns: runs.map(toTimestamp),
    paused,
    missedAt: missedAt === null ? '' : toTimestamp(missedAt),
    lateMs: BigInt(Math.max(0, nextDueAt === null ? 0 : now.getTime() - nextDueAt.getTime())),
  }
}

function countViolations(count: number): readonly InvalidParameter[] {
  if (Number.isInteger(count) && count >= 1 && count <= MAX_COUNT) return []
  return [new InvalidParameter('count', `${count} is not a whole number from 1 to ${MAX_COUNT}`)]
}

// One that is late runs now, and the times that passed meanwhile are not made up for.
function later(a: Date, b: Date): Date {
  return a > b ? a : b
}
