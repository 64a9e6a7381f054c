import type { DispatchDeps } from '../../../src/schedules/dispatch-due.ts'
import { dispatchDue } from '../../../src/schedules/dispatch-due.ts'
import { addSchedule, type Scheduled } from '../../../src/schedules/index.ts'
import type { Workshop } from '../../jobs/support.ts'
import { silentLog } from '../../support/silent-log.ts'

export type ScheduleState = {
  readonly nextDueAt: Date | null
  readonly missedAt: Date | null
  readonly lastScheduledAt: Date | null
}

export type CollectorKey = { readonly domainId: string; readonly collectorId: string }

/** Schedules of a workshop under a clock that the test moves. */
export function openClockwork({ db, queue, context }: Workshop) {
  let present = new Date()
  const deps: DispatchDeps = { db, queue, log: silentLog, clock: async () => present }

  async function givenSchedule(
    collector: CollectorKey,
    plan: Partial<Scheduled>,
    { collectMode = '', filter = {} }: { collectMode?: string; filter?: Record<string, string> } = {},
  ): Promise<string> {
    const scheduled = { cron: '', interval: 0, minutes: [], hours: [], ...plan }
    const { scheduleId = '' } = await addSchedule(
      context(),
      { ignorePluginSupport: true },
      { ...collector, name: '', collectMode, filter, scheduled },
    )
    return scheduleId
  }

  async function stateOf(scheduleId: string): Promise<ScheduleState> {
    const [row] = await db.query<ScheduleState>(
      'select next_due_at, missed_at, last_scheduled_at from schedule where schedule_id = $1',
      [scheduleId],
    )
    if (row === undefined) throw new Error(`no schedule '${scheduleId}'`)
    return row
  }

  /** Lets schedulers look at this moment until nothing is left to do. */
  async function at(moment: string | Date, changes: Partial<DispatchDeps> = {}): Promise<number> {
    present = new Date(moment)
    let jobs = 0
    for (;;) {
      const { started, refused, passed } = await dispatchDue({ ...deps, ...changes }, 100)
      if (started + refused + passed === 0) return jobs
      jobs += started + refused
    }
  }

  /** Makes a schedule due at a moment, as if it had been added long before. */
  async function dueAt(scheduleId: string, moment: string): Promise<void> {
    await db.query('update schedule set next_due_at = $2, counts_from = $3 where schedule_id = $1', [
      scheduleId,
      new Date(moment),
      new Date('2026-01-01T00:00:00Z'),
    ])
  }

  return { deps, givenSchedule, stateOf, at, dueAt }
}
