import type { JsonObject } from '../client.ts'
import { inWords, listOf, numberOf, textOf, textsOf } from '../shapes.ts'
import { countOf, formatCount } from './count.ts'
import { type Column, renderTable, type TableLayout } from './table.ts'
import { relativeTime } from './time.ts'

const COLUMNS: readonly Column[] = [
  { heading: 'PATH' },
  { heading: 'VALUE' },
  { heading: 'SINCE', isWhole: true },
  { heading: 'BY' },
]

/** The values of a resource, a line each, with what brought them. */
export function renderBlame(value: JsonObject, layout: TableLayout, now: Date): string {
  const results = listOf(value, 'results')
  const total = numberOf(value, 'total_count')
  if (results.length === 0) return `${layout.paint('dim', 'There is no value.')}\n`
  const rows = results.map((result) => [
    textOf(result, 'path'),
    inWords(result.value),
    textOf(result, 'at') === ''
      ? `before ${textOf(value, 'history_since').slice(0, 10)}`
      : relativeTime(textOf(result, 'at'), now),
    byOf(result),
  ])
  const rest =
    results.length < total
      ? `Showing ${formatCount(results.length)} of ${countOf(total, 'value')}; a path narrows them.\n`
      : ''
  return `${renderTable(COLUMNS, rows, layout)}${layout.paint('dim', rest)}`
}

function byOf(result: JsonObject): string {
  if (result.recorded !== true) return 'not in the history'
  const parts = [
    textOf(result, 'job_id'),
    ...textsOf(result, 'rule_ids'),
    textOf(result, 'collector_id'),
    textOf(result, 'by'),
  ]
  return [textOf(result, 'cause'), ...parts.filter((part) => part !== '')].join(': ')
}
