import type { JsonObject } from '../client.ts'
import { listOf, numberOf, textOf } from '../shapes.ts'
import { changeInWords } from './change-words.ts'
import { countOf, formatCount } from './count.ts'
import { kindOf } from './resources-table.ts'
import { type Column, renderTable, type TableLayout } from './table.ts'
import { renderUnknown } from './unknown-lines.ts'

const KIND_COLUMNS: readonly Column[] = [
  { heading: 'KIND' },
  { heading: 'CREATED', align: 'right', isWhole: true },
  { heading: 'UPDATED', align: 'right', isWhole: true },
  { heading: 'DELETED', align: 'right', isWhole: true },
]

const COLUMNS: readonly Column[] = [
  { heading: 'WHAT', isWhole: true, style: (text) => STYLES[text] },
  { heading: 'NAME' },
  { heading: 'KIND' },
  { heading: 'ID', isWhole: true },
  { heading: 'CHANGES' },
]

const STYLES = { created: 'green', updated: 'yellow', deleted: 'red' } as Readonly<
  Record<string, 'green' | 'yellow' | 'red'>
>

/**
 * What two instants differ in: the numbers by kind, then the resources of the page, each with what has
 * changed.
 */
export function renderDiff(
  value: JsonObject,
  layout: TableLayout,
  { limit, page }: { readonly limit: number; readonly page: number },
): string {
  const { paint } = layout
  const span = `between ${textOf(value, 'from')} and ${textOf(value, 'to')}`
  const kinds = listOf(value, 'kinds')
  if (kinds.length === 0) return `${paint('dim', `No differences ${span}.`)}\n`
  const results = listOf(value, 'results')
  const total = numberOf(value, 'total_count')
  const next = page * limit < total ? `; the next page is --page ${page + 1}` : ''
  const shown = `Showing ${formatCount(results.length)} of ${countOf(total, 'difference')} ${span}${next}.`
  return [
    renderTable(KIND_COLUMNS, kinds.map(kindRow), layout),
    results.length === 0 ? '' : `\n${renderTable(COLUMNS, results.map(resultRow), layout)}`,
    `${paint('dim', shown)}\n`,
    renderUnknown(value, paint),
  ].join('')
}

function kindRow(kind: JsonObject): readonly string[] {
  const counts = ['created_count', 'updated_count', 'deleted_count'].map((name) => numberOf(kind, name))
  return [kindOf(kind), ...counts.map((count) => (count === 0 ? '-' : formatCount(count)))]
}

function resultRow(result: JsonObject): readonly string[] {
  return [
    textOf(result, 'difference'),
    textOf(result, 'name') || '-',
    kindOf(result),
    textOf(result, 'cloud_service_id'),
    listOf(result, 'changes').map(changeInWords).join('; ') || '-',
  ]
}
