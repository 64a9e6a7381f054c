import { cutText, textWidth } from '../../core/text-width.ts'
import type { TaskProgress } from '../shapes.ts'
import { formatCount } from './count.ts'
import { escapeText } from './escape.ts'
import { durationBetween } from './time.ts'

type LineView = {
  readonly label: string
  readonly width: number
  /** Counts up with each drawing; moves what is moving. */
  readonly frame: number
  readonly now: Date
  /** Resources the same task saw in the last complete run; undefined when there was none. */
  readonly expected: number | undefined
  /** Resources a second lately; undefined before that is known. */
  readonly rate: number | undefined
}

/**
 * One task as one line no wider than the view. What matters least goes first when the line is narrow: the
 * counts of unchanged and updated, then the rate, then the bar; failures and the time stay to the last.
 */
export function progressLine(task: TaskProgress, view: LineView): string {
  const head = `${markOf(task, view.frame)} ${escapeText(view.label)}`
  const parts = partsOf(task, view)
  let dropped = 0
  while (dropped < DROP_ORDER.length && lineWidth(head, parts, dropped) > view.width) dropped++
  const kept = parts.filter((part) => !DROP_ORDER.slice(0, dropped).includes(part.name))
  const spare = view.width - lineWidth(head, parts, dropped)
  const texts = kept.map((part) =>
    part.name === 'bar' ? barText(task, view, Math.min(MAX_BAR, MIN_BAR + spare)) : part.text,
  )
  return cutText([head, ...texts].join(GAP), view.width)
}

type PartName =
  | 'bar'
  | 'state'
  | 'seen'
  | 'created'
  | 'updated'
  | 'unchanged'
  | 'failed'
  | 'rate'
  | 'time'
  | 'attempt'
type Part = { readonly name: PartName; readonly text: string }

const DROP_ORDER: readonly PartName[] = ['unchanged', 'updated', 'rate', 'created', 'attempt', 'bar']
const GAP = '  '
const MIN_BAR = 8
const MAX_BAR = 24
const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']
const FINAL_MARKS: Readonly<Record<string, string>> = { SUCCESS: '✓', FAILURE: '✗', CANCELED: '■' }

function markOf({ status }: TaskProgress, frame: number): string {
  if (status === 'IN_PROGRESS') return SPINNER[frame % SPINNER.length] ?? ''
  return FINAL_MARKS[status] ?? '·'
}

function partsOf(task: TaskProgress, view: LineView): Part[] {
  const isRunning = task.status === 'IN_PROGRESS'
  const state = stateText(task)
  return [
    ...(isRunning ? [{ name: 'bar' as const, text: ' '.repeat(MIN_BAR + PERCENT_WIDTH) }] : []),
    ...(state === '' ? [] : [{ name: 'state' as const, text: state }]),
    ...(task.attempt === 0 ? [] : countParts(task)),
    ...(isRunning && task.seen > 0 && view.rate !== undefined
      ? [{ name: 'rate' as const, text: `${formatCount(view.rate)}/s` }]
      : []),
    ...(task.startedAt === ''
      ? []
      : [{ name: 'time' as const, text: durationBetween(task.startedAt, task.finishedAt, view.now) }]),
    ...(task.attempt > 1 ? [{ name: 'attempt' as const, text: `attempt ${task.attempt}` }] : []),
  ]
}

function countParts(task: TaskProgress): Part[] {
  const counts: readonly (readonly [PartName, number])[] = [
    ['seen', task.seen],
    ['created', task.created],
    ['updated', task.updated],
    ['unchanged', task.unchanged],
    ['failed', task.failed],
  ]
  return counts
    .filter(([name, count]) => name !== 'failed' || count > 0)
    .map(([name, count]) => ({ name, text: `${formatCount(count)} ${name}` }))
}

function stateText({ status, attempt }: TaskProgress): string {
  if (status === 'IN_PROGRESS' || status === 'SUCCESS') return ''
  if (status === 'PENDING') return attempt === 0 ? 'waiting' : 'waiting to try again'
  return status.toLowerCase()
}

function lineWidth(head: string, parts: readonly Part[], dropped: number): number {
  const kept = parts.filter((part) => !DROP_ORDER.slice(0, dropped).includes(part.name))
  return kept.reduce((width, part) => width + GAP.length + textWidth(part.text), textWidth(head))
}

const PERCENT_WIDTH = 5

// The end of a stream is not known before it is there, so the last run says how long it will be. A run that
// finds more than the last one waits at 99 %; without a last run, and before the first batch, the bar only
// shows that something moves.
function barText({ seen }: TaskProgress, { expected, frame }: LineView, width: number): string {
  if (expected === undefined || expected === 0 || seen === 0) {
    const span = width - MOVING.length
    const at = span - Math.abs((frame % (2 * span)) - span)
    return `${'░'.repeat(at)}${MOVING}${'░'.repeat(span - at)}${' '.repeat(PERCENT_WIDTH)}`
  }
  const share = Math.min(0.99, seen / expected)
  const full = Math.floor(share * width)
  const percent = `${Math.floor(share * 100)} %`.padStart(PERCENT_WIDTH)
  return `${'█'.repeat(full)}${'░'.repeat(width - full)}${percent}`
}

const MOVING = '███'
