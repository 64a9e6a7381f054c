import { cutText, padText, textWidth } from '../../core/text-width.ts'
import { escapeText } from './escape.ts'
import type { Paint, Style } from './paint.ts'

/** A column: its heading, and how its cells are laid out. */
export type Column = {
  readonly heading: string
  /** Numbers stand right, below each other. Default left. */
  readonly align?: 'left' | 'right'
  /** Never cut, because it is copied (ids) or would be wrong (numbers). Default false. */
  readonly isWhole?: boolean
  /** Colour of a cell, by its text. */
  readonly style?: (text: string) => Style | undefined
}

export type TableLayout = {
  /** Columns the terminal has; `undefined` cuts nothing (the output is a file or another program). */
  readonly width: number | undefined
  readonly paint: Paint
}

/**
 * Lays out rows below headings, every line ended with a line break. Headings and cells are escaped here, so
 * that no caller can forget.
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { width, paint }: TableLayout,
): string {
  const headings = columns.map((column) => escapeText(column.heading))
  const cells = rows.map((row) => columns.map((_, at) => escapeText(row[at] ?? '')))
  const widths = fitWidths(
    columns.map((column, at) => ({
      natural: Math.max(textWidth(headings[at] ?? ''), ...cells.map((row) => textWidth(row[at] ?? ''))),
      isWhole: column.isWhole ?? false,
    })),
    width === undefined ? Number.POSITIVE_INFINITY : width - GAP.length * (columns.length - 1),
  )
  const line = (texts: readonly string[], style: (column: Column, text: string) => Style | undefined) =>
    columns
      .map((column, at) => {
        const text = cutText(texts[at] ?? '', widths[at] ?? 0)
        const isLast = at === columns.length - 1 && column.align !== 'right'
        const padded = isLast ? text : padText(text, widths[at] ?? 0, column.align ?? 'left')
        const chosen = style(column, texts[at] ?? '')
        return chosen === undefined ? padded : paint(chosen, padded)
      })
      .join(GAP)

  const heading = line(headings, () => 'dim')
  const body = cells.map((row) => line(row, (column, text) => column.style?.(text)))
  return [heading, ...body].map((text) => `${text}\n`).join('')
}

type ColumnNeed = { readonly natural: number; readonly isWhole: boolean }

/**
 * Shares a width among columns. What fits stays; otherwise the widest columns that may be cut give first,
 * down to a width that still shows something. Where even that does not help, the line is longer than the
 * terminal.
 */
export function fitWidths(columns: readonly ColumnNeed[], available: number): number[] {
  const widths = columns.map((column) => column.natural)
  let excess = widths.reduce((sum, width) => sum + width, 0) - available
  while (excess > 0) {
    const widest = columns.reduce(
      (best, column, at) =>
        !column.isWhole &&
        (widths[at] ?? 0) > MIN_WIDTH &&
        (best === -1 || (widths[at] ?? 0) > (widths[best] ?? 0))
          ? at
          : best,
      -1,
    )
    if (widest === -1) break
    widths[widest] = (widths[widest] ?? 0) - 1
    excess -= 1
  }
  return widths
}

const GAP = '  '
const MIN_WIDTH = 6
