/**
 * Schedules: how fast two scheduler processes start the jobs of those that are due at the same moment, among
 * many.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { PgBossQueue } from '../src/jobs/index.ts'
import { openDatabase } from '../src/storage/index.ts'
import { createLogger } from '../src/telemetry/index.ts'
import { countJobs, fillSchedules, makeDue, readOutcome } from '../test/schedules/support/fill-schedules.ts'
import { kill, startSchedulerProcess } from '../test/schedules/support/scheduler-process.ts'
import { printFigure, printMedian } from './figures.ts'

/** One schedule in ten is due. */
const STEP = 10

export async function benchSchedules({
  count,
  repeats,
}: {
  readonly count: number
  readonly repeats: number
}): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gleaner-bench-'))
  const log = createLogger({ level: 'warn' })
  const migrations = join(import.meta.dirname, '..', 'migrations')
  const opened = await openDatabase({ dataDir: join(folder, 'data'), migrations, log })
  const { database: db, connection } = opened
  try {
    const queue = new PgBossQueue({ connection, log })
    await queue.start()
    await queue.stop()
    const schedulers = await Promise.all([
      startSchedulerProcess(connection),
      startSchedulerProcess(connection),
    ])
    const rates: number[] = []
    let wrong = 0
    for (let turn = 0; turn < repeats; turn++) {
      const domainId = `domain-bench-${turn}`
      await fillSchedules(db, domainId, count)
      const due = Math.floor(count / STEP)
      await makeDue(db, domainId, { step: STEP, count: due })
      const startedAt = performance.now()
      while ((await countJobs(db, domainId)) < due) await pause(20)
      rates.push((due * 1_000) / (performance.now() - startedAt))
      const outcome = await readOutcome(db, domainId)
      wrong += outcome.wrong + outcome.unwoken + outcome.stillDue
    }
    await Promise.all(schedulers.map(kill))
    printMedian('schedule.dispatch.jobs_per_s', rates, 'jobs/s')
    printFigure('schedule.dispatch.not_exactly_once', wrong, 'schedules')
  } finally {
    await opened.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
