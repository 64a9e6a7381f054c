import type { CliContext } from '../cli-context.ts'
import type { Answer } from '../client.ts'
import { EXIT, type ExitCode } from '../failures.ts'
import { inWords, listOf, numberOf } from '../shapes.ts'
import type { FigureColumn } from '../stat-stages.ts'
import { countOf } from './count.ts'
import { renderCoverageLine } from './coverage-line.ts'
import { renderJson } from './json.ts'
import { renderTable } from './table.ts'

/** Writes figures: a table and how many rows there are, or the API's JSON. */
export function writeFigures(ctx: CliContext, answer: Answer, columns: readonly FigureColumn[]): ExitCode {
  const { isJson, out, paint } = ctx
  if (isJson) {
    out.write(renderJson(answer.text))
    return EXIT.success
  }
  const found = listOf(answer.value, 'results')
  const rows = found.map((row) => columns.map(({ name }) => cellOf(row[name])))
  const layout = { width: out.size()?.columns, paint }
  if (rows.length > 0)
    out.write(
      renderTable(
        columns.map(({ heading, isFigure }) => ({
          heading,
          align: isFigure ? 'right' : 'left',
          isWhole: isFigure,
        })),
        rows,
        layout,
      ),
    )
  const total = numberOf(answer.value, 'total_count')
  out.write(paint('dim', `Showing ${rows.length} of ${countOf(total, 'row')}.\n`))
  out.write(renderCoverageLine(answer.coverage, ctx))
  return EXIT.success
}

function cellOf(value: unknown): string {
  if (typeof value === 'number') return FIGURE.format(value)
  return inWords(value) || '-'
}

/** As counts are written, with what a sum or an average has behind the point. */
const FIGURE = new Intl.NumberFormat('en-US', { maximumFractionDigits: 3 })
