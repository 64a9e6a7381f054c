/** How a list is ordered, and the way to order it otherwise. */
export type Order = {
  /** A field of the API, with `-` before it from large to small; empty is the order of the API. */
  readonly by: string
  readonly onBy: (by: string) => void
}

type ColumnHeadingProps = {
  readonly heading: string
  readonly sortKey: string | undefined
  readonly className: string | undefined
  readonly order: Order | undefined
}

/**
 * The heading of a column; where the list can be ordered by it, a button that does, and the other way round
 * at the second press.
 */
export function ColumnHeading({ heading, sortKey, className, order }: ColumnHeadingProps) {
  if (order === undefined || sortKey === undefined)
    return (
      <th scope="col" className={className}>
        {heading}
      </th>
    )
  const direction = order.by === sortKey ? 'ascending' : order.by === `-${sortKey}` ? 'descending' : 'none'
  return (
    <th scope="col" className={className} aria-sort={direction}>
      <button
        type="button"
        className="sort"
        onClick={() => order.onBy(direction === 'ascending' ? `-${sortKey}` : sortKey)}
      >
        {heading}
        <span aria-hidden="true">{ARROWS[direction]}</span>
      </button>
    </th>
  )
}

const ARROWS = { ascending: ' ↑', descending: ' ↓', none: '' } as const
