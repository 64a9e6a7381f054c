import { wrapText } from '../../core/text-width.ts'
import type { Job, JobProgress, ReportedError, Task } from '../shapes.ts'
import { countOf, formatCount } from './count.ts'
import { escapeLines, escapeText } from './escape.ts'
import { type Paint, styleOfStatus } from './paint.ts'
import { countsInWords, type TaskCounts } from './state-changes.ts'
import { type Column, renderTable, type TableLayout } from './table.ts'
import { durationBetween } from './time.ts'

export type JobReport = { readonly job: Job; readonly progress: JobProgress; readonly tasks: readonly Task[] }

/** The tasks of a job with their counters, then what went wrong and what should be known. */
export function renderTasks(report: JobReport, layout: TableLayout, now: Date): string {
  const { progress, tasks } = report
  if (progress.tasks.length === 0) return renderErrors(report, layout)
  const secrets = new Map(tasks.map((task) => [task.id, task.secretId]))
  const rows = progress.tasks.map((task) => [
    task.taskId,
    task.status,
    secrets.get(task.taskId) || '-',
    formatCount(task.attempt),
    ...[task.seen, task.created, task.updated, task.unchanged, task.failed].map(formatCount),
    durationBetween(task.startedAt, task.finishedAt, now),
  ])
  return (
    renderTable(TASK_COLUMNS, rows, layout) + renderErrors(report, layout) + renderWarnings(progress, layout)
  )
}

/** How a finished job ended, in one sentence that says what it means for the inventory. */
export function renderVerdict({ job, progress, tasks }: JobReport, paint: Paint, now: Date): string {
  const took = durationBetween(job.createdAt, job.finishedAt, now)
  const counts = countsInWords(sumOf(progress.tasks))
  const status = paint(styleOfStatus(progress.status), escapeText(progress.status))
  const name = escapeText(job.collector.name)
  if (progress.status === 'SUCCESS') return `${status}: '${name}' was collected in ${took}: ${counts}.\n`
  if (progress.isPartial) {
    return (
      `${status}, incomplete: '${name}' was collected in part, in ${took}: ${counts}.\n` +
      `What is in the inventory is right, but more may exist. ${deletionsOf(tasks)}\n`
    )
  }
  return `${status}: '${name}' collected nothing, and the inventory is as it was before.\n`
}

/** What could not be read keeps nothing from being judged that was read completely. */
function deletionsOf(tasks: readonly Task[]): string {
  const deleted = tasks.reduce((sum, task) => sum + task.deleted, 0)
  if (deleted === 0) return 'Nothing counts as gone because of this run.'
  return `${countOf(deleted, 'resource')} that complete lists no longer hold ${deleted === 1 ? 'was' : 'were'} deleted.`
}

const number = (heading: string): Column => ({ heading, align: 'right', isWhole: true })

const TASK_COLUMNS: readonly Column[] = [
  { heading: 'TASK', isWhole: true },
  { heading: 'STATUS', isWhole: true, style: styleOfStatus },
  { heading: 'SECRET' },
  number('ATTEMPT'),
  number('SEEN'),
  number('CREATED'),
  number('UPDATED'),
  number('UNCHANGED'),
  number('FAILED'),
  number('TIME'),
]

function sumOf(tasks: readonly TaskCounts[]): TaskCounts {
  const sum = (key: keyof TaskCounts) => tasks.reduce((total, task) => total + task[key], 0)
  return {
    seen: sum('seen'),
    created: sum('created'),
    updated: sum('updated'),
    unchanged: sum('unchanged'),
    failed: sum('failed'),
  }
}

const MAX_SHOWN_ERRORS = 10

function renderErrors({ job, tasks }: JobReport, { width, paint }: TableLayout): string {
  const errors = [...job.errors, ...tasks.flatMap((task) => task.errors)]
  if (errors.length === 0) return ''
  const groups = groupAlike(errors)
  const shown = groups.slice(0, MAX_SHOWN_ERRORS).map((group) => renderError(group, width, paint))
  const hidden = groups.length - shown.length
  const more =
    hidden > 0 ? `  and ${formatCount(hidden)} more: gleaner jobs ${escapeText(job.id)} --json\n` : ''
  return `\n${paint('bold', `Errors (${formatCount(errors.length)})`)}\n${shown.join('')}${more}`
}

type AlikeErrors = { readonly error: ReportedError; times: number }

// One wrong setting gives thousands of equal errors; they are read once.
function groupAlike(errors: readonly ReportedError[]): readonly AlikeErrors[] {
  const groups = new Map<string, AlikeErrors>()
  for (const error of errors) {
    const key = JSON.stringify(error)
    const group = groups.get(key) ?? { error, times: 0 }
    group.times += 1
    groups.set(key, group)
  }
  return [...groups.values()]
}

// The message has up to four parts (what failed, why, what it means, what to do), and all of it is shown.
function renderError({ error, times }: AlikeErrors, width: number | undefined, paint: Paint): string {
  const { code, message, about, log } = error
  const details = about.map(([name, value]) => `${name} ${value}`).join(', ')
  return (
    `  ${paint('red', escapeText(code))}${times === 1 ? '' : `, ${formatCount(times)} times`}\n` +
    indented(message, width) +
    (details === '' ? '' : paint('dim', indented(details, width))) +
    (log.length === 0
      ? ''
      : paint('dim', indented(['The last that the plugin logged:', ...log].join('\n'), width)))
  )
}

function renderWarnings({ tasks }: JobProgress, { width, paint }: TableLayout): string {
  const warnings = [...new Set(tasks.flatMap((task) => task.warnings))]
  if (warnings.length === 0) return ''
  return `\n${paint('bold', 'Good to know')}\n${warnings.map((text) => indented(text, width)).join('')}`
}

function indented(text: string, width: number | undefined): string {
  const room = Math.max(30, (width ?? 110) - 4)
  return escapeLines(text)
    .split('\n')
    .flatMap((line) => wrapText(line, room))
    .map((line) => `    ${line}\n`)
    .join('')
}
