import type { CliContext } from '../cli-context.ts'
import type { Answer } from '../client.ts'
import type { ExitCode } from '../failures.ts'
import { inWords, listOf, numberOf } from '../shapes.ts'
import type { FigureColumn } from '../stat-stages.ts'
import { countOf, formatCount } from './count.ts'
import { escapeText } from './escape.ts'
import { renderJson } from './json.ts'
import { renderTable } from './table.ts'
import { type Strictness, writeCoverage } from './write-coverage.ts'

type Row = ReturnType<typeof listOf>[number]

/** Which of the rows are asked for, and what happens when not everything is known. */
export type ShownRows = Strictness & { readonly limit: number; readonly page: number }

/**
 * Writes figures: a table and how many rows there are, or the API's JSON; and what there was nothing to sum
 * of, how many rows are not shown, and how complete the answer is. Beside JSON those are notices.
 */
export function writeFigures(
  ctx: CliContext,
  { answer, columns }: { readonly answer: Answer; readonly columns: readonly FigureColumn[] },
  shown: ShownRows,
): ExitCode {
  const { isJson, out, notices, paintNotices } = ctx
  const found = listOf(answer.value, 'results')
  const total = numberOf(answer.value, 'total_count')
  const part = shownPart(shown, found.length, total)
  const unsummed = unsummedLines(found, columns)
  if (isJson) {
    out.write(renderJson(answer.text))
    if (found.length < total) notices.write(paintNotices('yellow', `${part}\n`))
    for (const line of unsummed) notices.write(paintNotices('yellow', `${line}\n`))
  } else writeTable(ctx, { found, columns, part, unsummed })
  return writeCoverage(ctx, answer.coverage, shown)
}

type Written = {
  readonly found: readonly Row[]
  readonly columns: readonly FigureColumn[]
  readonly part: string
  readonly unsummed: readonly string[]
}

function writeTable({ out, paint }: CliContext, { found, columns, part, unsummed }: Written): void {
  const rows = found.map((row) => columns.map((column) => cellOf(row, column)))
  const layout = { width: out.size()?.columns, paint }
  const headings = columns.map(
    ({ heading, isFigure }) => ({ heading, align: isFigure ? 'right' : 'left', isWhole: isFigure }) as const,
  )
  if (rows.length > 0) out.write(renderTable(headings, rows, layout))
  out.write(paint('dim', `${part}\n`))
  for (const line of unsummed) out.write(paint('yellow', `${line}\n`))
}

function shownPart({ page, limit }: ShownRows, shown: number, total: number): string {
  const all = countOf(total, 'row')
  if (shown === 0 && total > 0) return `Showing none of ${all}: page ${page} is behind the last one.`
  const part = `Showing ${formatCount(shown)} of ${all}`
  return page * limit < total ? `${part}; the next page is --page ${page + 1}.` : `${part}.`
}

/** A line for each sum that in some rows had nothing to add. */
function unsummedLines(found: readonly Row[], columns: readonly FigureColumn[]): readonly string[] {
  return columns.flatMap((column) => {
    const empty = found.filter((row) => isOfNothing(row, column)).length
    if (empty === 0) return []
    const where = `${escapeText(column.evidence?.path ?? '')} in ${formatCount(empty)} of ${countOf(found.length, 'row')}`
    return [`No number at ${where}. Lists, and numbers written as text, are not summed.`]
  })
}

function isOfNothing(row: Row, { evidence }: FigureColumn): boolean {
  return evidence !== undefined && row[evidence.name] === null
}

function cellOf(row: Row, column: FigureColumn): string {
  const value = isOfNothing(row, column) ? undefined : row[column.name]
  if (typeof value === 'number') return FIGURE.format(value)
  return inWords(value) || '-'
}

/** As counts are written, with what a sum or an average has behind the point. */
const FIGURE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 3 })
