import type { Order } from './column-heading.tsx'

type SortChoiceProps = {
  readonly columns: readonly { readonly heading: string; readonly sortKey?: string }[]
  readonly order: Order
}

/** What headings do, where rows are cards and there are none. */
export function SortChoice({ columns, order }: SortChoiceProps) {
  return (
    <label className="sort-choice">
      Sort by
      <select value={order.by} onChange={(event) => order.onBy(event.target.value)}>
        {columns.flatMap(({ heading, sortKey }) =>
          sortKey === undefined
            ? []
            : [
                <option key={sortKey} value={sortKey}>
                  {heading} ↑
                </option>,
                <option key={`-${sortKey}`} value={`-${sortKey}`}>
                  {heading} ↓
                </option>,
              ],
        )}
      </select>
    </label>
  )
}
