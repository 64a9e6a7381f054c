import type { CliContext } from '../cli-context.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { joinJson, renderJson } from '../output/json.ts'
import { type Column, renderTable } from '../output/table.ts'
import { readRuns, readSchedules } from '../read-schedules.ts'
import type { ScheduleRuns } from '../schedule-shapes.ts'

/** Shows the coming runs of all schedules of a collector, in the order of time. */
export async function showNext(ctx: CliContext, idOrName: string, count: number): Promise<ExitCode> {
  const { out, paint, isJson } = ctx
  const { schedules } = await readSchedules(ctx, idOrName)
  const runs: ScheduleRuns[] = []
  for (const schedule of schedules) runs.push(await readRuns(ctx, schedule, count))
  if (isJson) {
    out.write(
      renderJson(joinJson(Object.fromEntries(runs.map(({ scheduleId, text }) => [scheduleId, text])))),
    )
    return EXIT.success
  }
  const rows = runs
    .flatMap(({ scheduleId, nextRuns, isPaused }) =>
      nextRuns.map((at) => [at, scheduleId, isPaused ? 'paused: the collector is disabled' : '']),
    )
    .sort(([a = ''], [b = '']) => a.localeCompare(b))
  if (rows.length > 0) out.write(renderTable(COMING, rows, { width: out.size()?.columns, paint }))
  else out.write(paint('dim', 'Nothing runs by itself: the collector has no schedule.\n'))
  return EXIT.success
}

const COMING: readonly Column[] = [
  { heading: 'RUN', isWhole: true },
  { heading: 'SCHEDULE', isWhole: true },
  { heading: '' },
]
