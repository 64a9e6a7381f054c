import type { ReactNode } from 'react'

export type Column<Row> = {
  readonly heading: string
  readonly cell: (row: Row) => ReactNode
  /** Numbers stand right. */
  readonly align?: 'right'
  /** Left out on narrow screens. */
  readonly isExtra?: boolean
  /** Is never broken into lines. */
  readonly isWhole?: boolean
}

type DataTableProps<Row> = {
  /** What the rows are, for who cannot see the page. */
  readonly caption: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string
}

/** Rows of one kind of thing. The first column names it, and is the heading of its row. */
export function DataTable<Row>({ caption, columns, rows, keyOf }: DataTableProps<Row>) {
  return (
    // A region that scrolls must be reachable by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
    <section className="table-frame" aria-label={caption} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.heading} scope="col" className={classOf(column)}>
                {column.heading}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((column, at) =>
                at === 0 ? (
                  <th key={column.heading} scope="row" className={classOf(column)}>
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.heading} className={classOf(column)}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function classOf<Row>({ align, isExtra, isWhole }: Column<Row>): string | undefined {
  const names = [align, isExtra && 'extra', isWhole && 'whole'].filter((name) => typeof name === 'string')
  return names.length === 0 ? undefined : names.join(' ')
}
