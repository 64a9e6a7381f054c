import type { JsonObject } from '../client.ts'
import { listOf, textOf, textsOf } from '../shapes.ts'
import { changeInWords } from './change-words.ts'
import { type Column, renderTable, type TableLayout } from './table.ts'
import { relativeTime } from './time.ts'

const COLUMNS: readonly Column[] = [
  { heading: 'WHEN', isWhole: true },
  { heading: 'WHAT', isWhole: true },
  { heading: 'BY' },
  { heading: 'CHANGES' },
]

/** What happened to a resource, a line for each change, the oldest first. */
export function renderHistory(value: JsonObject, layout: TableLayout, now: Date): string {
  const rows = listOf(value, 'results').map((entry) => [
    relativeTime(textOf(entry, 'at'), now),
    textOf(entry, 'action'),
    byOf(entry),
    changesOf(entry),
  ])
  return renderTable(COLUMNS, rows, layout)
}

/** What brought it: the job of a run, the receipts of a proof, the rules, the one who called. */
function byOf(entry: JsonObject): string {
  const receipts = textsOf(entry, 'receipt_job_ids')
  const parts = [
    receipts.length > 0 ? `not seen by ${receipts.join(', ')}` : textOf(entry, 'job_id'),
    ...textsOf(entry, 'rule_ids'),
    entry.inputs_changed === true ? 'first run under other rules, priority, project or plugin version' : '',
    ...(namesCollector(entry) ? [textOf(entry, 'collector_id')] : []),
    textOf(entry, 'by'),
  ]
  return [textOf(entry, 'cause'), ...parts.filter((part) => part !== '')].join(': ')
}

/** Where no job says whose word it was, or where that is the news. */
function namesCollector(entry: JsonObject): boolean {
  return textOf(entry, 'job_id') === '' || textOf(entry, 'action') === 'withdrawn'
}

function changesOf(entry: JsonObject): string {
  const rule = textsOf(entry, 'match_rule')
  const merge = rule.length === 0 ? [] : [`the same by ${rule.join(', ')}`]
  const changes = listOf(entry, 'changes').map(changeInWords)
  return [...merge, ...changes].join('; ')
}
