import type { Job } from '../shapes.ts'
import { formatCount } from './count.ts'
import { styleOfStatus } from './paint.ts'
import { type Column, renderTable, type TableLayout } from './table.ts'
import { durationBetween, relativeTime } from './time.ts'

/** Jobs as a table; nothing when there are none. */
export function renderJobs(jobs: readonly Job[], layout: TableLayout, now: Date): string {
  if (jobs.length === 0) return ''
  const rows = jobs.map((job) => [
    job.id,
    job.collector.name || job.collector.id,
    job.status,
    `${formatCount(job.totalTasks - job.remainedTasks)}/${formatCount(job.totalTasks)}`,
    relativeTime(job.createdAt, now),
    durationBetween(job.createdAt, job.finishedAt, now),
  ])
  return renderTable(COLUMNS, rows, layout)
}

const COLUMNS: readonly Column[] = [
  { heading: 'JOB', isWhole: true },
  { heading: 'COLLECTOR' },
  { heading: 'STATUS', isWhole: true, style: styleOfStatus },
  { heading: 'TASKS', align: 'right', isWhole: true },
  { heading: 'STARTED' },
  { heading: 'TIME', align: 'right', isWhole: true },
]
