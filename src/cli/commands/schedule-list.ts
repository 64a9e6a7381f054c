import type { CliContext } from '../cli-context.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { countOf } from '../output/count.ts'
import { renderJson } from '../output/json.ts'
import { type Column, renderTable } from '../output/table.ts'
import { relativeTime } from '../output/time.ts'
import { readAllSchedules, readRuns, readSchedules } from '../read-schedules.ts'

/** Shows the schedules of a collector, or without one those of all, with the next run of each. */
export async function listSchedules(ctx: CliContext, idOrName?: string): Promise<ExitCode> {
  const { out, paint, now, isJson } = ctx
  const { schedules, text } =
    idOrName === undefined ? await readAllSchedules(ctx) : await readSchedules(ctx, idOrName)
  if (isJson) {
    out.write(renderJson(text))
    return EXIT.success
  }
  const rows: string[][] = []
  for (const schedule of schedules) {
    const { nextRuns, timeZone, isPaused } = await readRuns(ctx, schedule, 1)
    const next = isPaused ? 'paused' : (nextRuns[0] ?? 'never')
    rows.push([
      schedule.id,
      schedule.collectorName,
      schedule.name,
      schedule.plan,
      timeZone,
      schedule.mode,
      relativeTime(schedule.lastScheduledAt, now()),
      next,
    ])
  }
  if (rows.length > 0) out.write(renderTable(LISTED, rows, { width: out.size()?.columns, paint }))
  out.write(paint('dim', `${countOf(rows.length, 'schedule')}.\n`))
  return EXIT.success
}

const LISTED: readonly Column[] = [
  { heading: 'ID', isWhole: true },
  { heading: 'COLLECTOR' },
  { heading: 'NAME' },
  { heading: 'PLAN' },
  { heading: 'ZONE' },
  { heading: 'MODE' },
  { heading: 'LAST JOB' },
  { heading: 'NEXT RUN', isWhole: true },
]
