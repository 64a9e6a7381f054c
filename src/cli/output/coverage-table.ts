import type { JsonObject } from '../client.ts'
import { listOf, numberOf, textOf, textsOf } from '../shapes.ts'
import { countOf, formatCount } from './count.ts'
import type { Style } from './paint.ts'
import { type Column, renderTable, type TableLayout } from './table.ts'
import { duration, relativeTime } from './time.ts'

const STYLES: Readonly<Record<string, Style>> = {
  complete: 'green',
  stale: 'yellow',
  partial: 'yellow',
  unknown: 'yellow',
  held: 'red',
}

const CELLS: readonly Column[] = [
  { heading: 'KIND' },
  { heading: 'ACCOUNT' },
  { heading: 'REGION' },
  { heading: 'STATE', isWhole: true, style: (text) => STYLES[text] },
  { heading: 'COUNT', align: 'right', isWhole: true },
]
const ACCEPTED: Column = { heading: 'ACCEPTED', isWhole: true }
const LISTED: Column = { heading: 'LISTED', isWhole: true }
const KEPT_BY_OTHERS = 'kept_by_others_count'
const BY_OTHERS: Column = { heading: 'BY OTHERS', align: 'right', isWhole: true }
const NEXT: Column = { heading: 'NEXT', isWhole: true }
const REASONS: readonly Column[] = [{ heading: 'COLLECTOR' }, { heading: 'WHY' }]

/**
 * The ledger as a grid, one line a cell, and how complete that is together. When the next runs are, where any
 * is planned; what others keep that is not seen here any more, and which gaps are accepted, where there is
 * such a thing.
 */
export function renderCoverage(value: JsonObject, layout: TableLayout, now: Date): string {
  const cells = listOf(value, 'results')
  if (cells.length === 0) return 'Nothing is known yet: no collector has run, or none matches.\n'
  const hasNext = cells.some((cell) => textOf(cell, 'next_run_at') !== '')
  const hasOthers = cells.some((cell) => numberOf(cell, KEPT_BY_OTHERS) > 0)
  const hasAccepted = cells.some(isAccepted)
  const columns = [
    ...CELLS,
    ...(hasAccepted ? [ACCEPTED] : []),
    ...(hasOthers ? [BY_OTHERS] : []),
    LISTED,
    ...(hasNext ? [NEXT] : []),
    ...REASONS,
  ]
  const rows = cells.map((cell) => [
    kindOf(cell),
    textOf(cell, 'account') || '-',
    textOf(cell, 'region_code') || '-',
    textOf(cell, 'state'),
    formatCount(numberOf(cell, 'count')),
    ...(hasAccepted ? [isAccepted(cell) ? 'yes' : '-'] : []),
    ...(hasOthers ? [formatCount(numberOf(cell, KEPT_BY_OTHERS))] : []),
    listedOf(cell, now),
    ...(hasNext ? [nextOf(cell, now)] : []),
    textOf(cell, 'collector_name') || textOf(cell, 'collector_id'),
    textOf(cell, 'reason'),
  ])
  const advice = hasOthers
    ? 'gleaner coverage show --kept-by others tells who keeps what is not seen here.\n'
    : ''
  return (
    renderTable(columns, rows, layout) + summaryOf(value, cells.length, layout) + layout.paint('dim', advice)
  )
}

function isAccepted(cell: JsonObject): boolean {
  return textsOf(cell, 'acceptance_ids').length > 0
}

function kindOf(cell: JsonObject): string {
  const kind = [
    textOf(cell, 'provider'),
    textOf(cell, 'cloud_service_group'),
    textOf(cell, 'cloud_service_type'),
  ]
  return kind.every((part) => part === '') ? '(nothing yet)' : kind.join('/')
}

function listedOf(cell: JsonObject, now: Date): string {
  const at = textOf(cell, 'last_receipt_at')
  return at === '' ? 'never' : relativeTime(at, now)
}

function nextOf(cell: JsonObject, now: Date): string {
  const at = Date.parse(textOf(cell, 'next_run_at'))
  if (Number.isNaN(at)) return '-'
  return at <= now.getTime() ? 'now' : `in ${duration(at - now.getTime())}`
}

function summaryOf(value: JsonObject, shown: number, { paint }: TableLayout): string {
  const total = numberOf(value, 'total_count')
  const complete = numberOf(value, 'complete_count')
  const more = total > shown ? ` The first ${shown} are shown.` : ''
  if (value.complete === true) return paint('green', `Complete: all ${total} cells.${more}\n`)
  const accepted = numberOf(value, 'accepted_count')
  const known = `${complete} of ${total} cells are complete`
  if (value.complete_or_accepted === true)
    return paint('dim', `Complete but for ${countOf(accepted, 'accepted gap')}: ${known}.${more}\n`)
  const rest = accepted === 0 ? '' : `, and ${countOf(accepted, 'gap')} accepted`
  return paint('yellow', `Incomplete: ${known}${rest}.${more}\n`)
}

const HOLDS: readonly Column[] = [
  { heading: 'HOLD', isWhole: true },
  { heading: 'KEEPS', align: 'right', isWhole: true },
  { heading: 'OF', align: 'right', isWhole: true },
  { heading: 'SCOPE' },
  { heading: 'BECAUSE' },
  { heading: 'SUCH AS' },
]

const BECAUSE: Readonly<Record<string, string>> = {
  emptied: 'nothing was left',
  many: 'more than half at once',
}

/** What is kept back, and how to decide about it. */
export function renderHolds(value: JsonObject, layout: TableLayout): string {
  const holds = listOf(value, 'results')
  if (holds.length === 0) return 'Nothing is kept back.\n'
  const rows = holds.map((hold) => [
    textOf(hold, 'hold_id'),
    formatCount(numberOf(hold, 'count')),
    formatCount(numberOf(hold, 'of_count')),
    scopeOf(hold),
    BECAUSE[textOf(hold, 'reason')] ?? textOf(hold, 'reason'),
    Array.isArray(hold.examples) ? hold.examples.map(String).join(', ') : '',
  ])
  const advice = 'gleaner holds release ID deletes what a hold keeps back.\n'
  return renderTable(HOLDS, rows, layout) + layout.paint('dim', advice)
}

const NAMES = ['provider', 'cloud_service_group', 'cloud_service_type', 'account', 'region_code']

function scopeOf(hold: JsonObject): string {
  const names = NAMES.map((key) => textOf(hold, key)).filter((name) => name !== '')
  return [textOf(hold, 'scope'), ...names].join(' ')
}
