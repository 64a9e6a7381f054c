import { Async } from '../../../components/ui/async.tsx'
import { Button } from '../../../components/ui/button.tsx'
import { ErrorNotice } from '../../../components/ui/notice.tsx'
import { Section } from '../../../components/ui/page.tsx'
import { Time } from '../../../components/ui/time.tsx'
import { planInWords } from '../api/schedule-plan.ts'
import { type PlannedSchedule, useChangeSchedules, useSchedules } from '../api/use-schedules.ts'
import { AddSchedule } from './add-schedule.tsx'

/** When a collector runs by itself. */
export function Schedules({ collectorId }: { collectorId: string }) {
  const schedules = useSchedules(collectorId)
  const { add, remove } = useChangeSchedules(collectorId)
  return (
    <Section title="Schedules">
      <Async of={schedules} lines={1}>
        {(list) =>
          list.length === 0 ? (
            <p className="fine">No schedule. It runs only when somebody runs it.</p>
          ) : (
            <ul className="plain">
              {list.map((schedule) => (
                <li key={schedule.schedule_id} className="row">
                  <span>{describe(schedule)}</span>
                  <span className="fine">
                    {schedule.runs.paused ? 'paused while the collector is disabled' : <Next of={schedule} />}
                  </span>
                  <Button
                    aria-label={`Delete the schedule ${describe(schedule)}`}
                    disabled={remove.isPending}
                    onClick={() => remove.mutate(schedule.schedule_id)}
                  >
                    Delete
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </Async>
      {remove.error !== null && <ErrorNotice error={remove.error} />}
      <AddSchedule error={add.error} isBusy={add.isPending} onAdd={(plan) => add.mutate(plan)} />
    </Section>
  )
}

function describe({ name, schedule, collect_mode }: PlannedSchedule): string {
  const plan = schedule === undefined ? '' : planInWords(schedule)
  const mode = collect_mode === 'ALL' ? '' : `only ${collect_mode.toLowerCase()}`
  return [name, plan, mode].filter((part) => part !== '').join(', ')
}

function Next({ of }: { of: PlannedSchedule }) {
  const [next = ''] = of.runs.next_runs
  return (
    <>
      {of.runs.time_zone}, next <Time at={next} never="never again" />
    </>
  )
}
