import { Link } from '@tanstack/react-router'
import { Clip } from '../../../components/ui/clip.tsx'
import { type Column, DataTable } from '../../../components/ui/data-table.tsx'
import { KindName } from '../../../components/ui/kind-name.tsx'
import { Status } from '../../../components/ui/status.tsx'
import { Time } from '../../../components/ui/time.tsx'
import { formatCount } from '../../../format/count.ts'
import { kindOf, placeOf } from '../../../format/kind.ts'
import type { Cell } from '../api/cell.ts'

/** Cells of the ledger, each with how fresh it is and why it is not complete. */
export function CellTable({ rows }: { rows: readonly Cell[] }) {
  return <DataTable caption="Cells" columns={COLUMNS} rows={rows} keyOf={keyOf} />
}

function keyOf(cell: Cell): string {
  return [cell.collector_id, cell.secret_id, kindOf(cell), placeOf(cell)].join(' ')
}

const COLUMNS: readonly Column<Cell>[] = [
  {
    heading: 'Kind',
    cell: (cell) => (
      <>
        {kindOf(cell) === '' ? '(nothing yet)' : <KindName of={cell} />}
        {cell.reason !== '' && <p className="reason">{cell.reason}</p>}
      </>
    ),
  },
  { heading: 'Account', cell: (cell) => <Clip text={cell.account} /> },
  { heading: 'Region', cell: (cell) => <Clip text={cell.region_code} /> },
  { heading: 'State', cell: (cell) => <Status of={cell.state} />, isWhole: true },
  { heading: 'Resources', align: 'right', cell: (cell) => <Counts of={cell} /> },
  { heading: 'Listed', cell: (cell) => <Time at={cell.last_receipt_at} never="never" />, isWhole: true },
  { heading: 'Next', cell: (cell) => <Time at={cell.next_run_at} />, isWhole: true, isExtra: true },
  {
    heading: 'Collector',
    isExtra: true,
    cell: (cell) => (
      <Link to="/collectors/$id" params={{ id: cell.collector_id }}>
        {cell.collector_name || cell.collector_id}
      </Link>
    ),
  },
]

/** Counts that are not as they should be stand below, each with its word. */
function Counts({ of }: { of: Cell }) {
  const odd = [
    [of.missed_count, 'missed'],
    [of.unknown_count, 'unknown'],
    [of.held_count, 'held'],
    [of.kept_by_others_count, 'kept by others'],
  ] as const
  return (
    <>
      {formatCount(of.count)}
      {odd
        .filter(([count]) => count > 0)
        .map(([count, word]) => (
          <div key={word} className="fine">
            {formatCount(count)} {word}
          </div>
        ))}
    </>
  )
}
