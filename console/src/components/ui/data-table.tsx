import { Fragment, type ReactNode } from 'react'
import { ColumnHeading, type Order } from './column-heading.tsx'
import { SortChoice } from './sort-choice.tsx'

export type Column<Row> = {
  readonly heading: string
  readonly cell: (row: Row) => ReactNode
  /** Numbers stand right. */
  readonly align?: 'right'
  /** Left out where there is little room and the rows are no cards. */
  readonly isExtra?: boolean
  /** Is never broken into lines. */
  readonly isWhole?: boolean
  /** Field of the API by which the list can be ordered here. */
  readonly sortKey?: string
}

type DataTableProps<Row> = {
  /** What the rows are, for who cannot see the page. */
  readonly caption: string
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly keyOf: (row: Row) => string
  /** What there is to say of a row across all of its columns; nothing where it is false or empty. */
  readonly below?: (row: Row) => ReactNode
  readonly order?: Order
}

/**
 * Rows of one kind of thing, on narrow screens as cards. The first column names it, and is the heading of its
 * row.
 */
export function DataTable<Row>({ caption, columns, rows, keyOf, below, order }: DataTableProps<Row>) {
  return (
    // A region that scrolls must be reachable by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
    <section className="table-frame" aria-label={caption} tabIndex={0}>
      {order !== undefined && <SortChoice columns={columns} order={order} />}
      <table className="cards">
        <thead>
          <tr>
            {columns.map((column) => (
              <ColumnHeading
                key={column.heading}
                heading={column.heading}
                sortKey={column.sortKey}
                className={classOf(column)}
                order={order}
              />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Fragment key={keyOf(row)}>
              <Cells row={row} columns={columns} below={below?.(row)} />
            </Fragment>
          ))}
        </tbody>
      </table>
    </section>
  )
}

type CellsProps<Row> = {
  readonly row: Row
  readonly columns: readonly Column<Row>[]
  readonly below: ReactNode
}

function Cells<Row>({ row, columns, below }: CellsProps<Row>) {
  const hasBelow = below !== undefined && below !== false && below !== ''
  return (
    <>
      <tr className={hasBelow ? 'has-below' : undefined}>
        {columns.map((column, at) =>
          at === 0 ? (
            <th key={column.heading} scope="row" className={classOf(column)}>
              {column.cell(row)}
            </th>
          ) : (
            <td key={column.heading} className={classOf(column)} data-heading={column.heading}>
              {column.cell(row)}
            </td>
          ),
        )}
      </tr>
      {hasBelow && (
        <tr className="below">
          <td colSpan={columns.length}>{below}</td>
        </tr>
      )}
    </>
  )
}

function classOf<Row>({ align, isExtra, isWhole }: Column<Row>): string | undefined {
  const names = [align, isExtra && 'extra', isWhole && 'whole'].filter((name) => typeof name === 'string')
  return names.length === 0 ? undefined : names.join(' ')
}
