import { Link } from '@tanstack/react-router'
import { Clip } from '../../../components/ui/clip.tsx'
import { type Column, DataTable } from '../../../components/ui/data-table.tsx'
import { KindName } from '../../../components/ui/kind-name.tsx'
import { Status } from '../../../components/ui/status.tsx'
import { Time } from '../../../components/ui/time.tsx'
import { causeOf } from '../../../format/completeness.ts'
import { formatCount } from '../../../format/count.ts'
import { kindOf, placeOf } from '../../../format/kind.ts'
import type { Cell } from '../api/cell.ts'
import { AcceptButton } from './accept-button.tsx'

/** Lists of the ledger, each with how fresh it is; below it, across all columns, why it is not complete. */
export function CellTable({ rows }: { rows: readonly Cell[] }) {
  return (
    <DataTable
      caption="Lists"
      columns={COLUMNS}
      rows={rows}
      keyOf={keyOf}
      below={(cell) =>
        cell.reason !== '' && (
          <div className="with-button">
            <span className="reason">{causeOf(cell.reason, cell.state)}</span>
            {canBeAccepted(cell) && <AcceptButton of={cell} />}
          </div>
        )
      }
    />
  )
}

/** What is held waits for a decision. */
function canBeAccepted({ state, acceptance_ids }: Cell): boolean {
  return state !== 'held' && acceptance_ids.length === 0
}

function keyOf(cell: Cell): string {
  return [cell.collector_id, cell.secret_id, kindOf(cell), placeOf(cell)].join(' ')
}

const COLUMNS: readonly Column<Cell>[] = [
  {
    heading: 'Kind',
    cell: (cell) => (kindOf(cell) === '' ? '(nothing yet)' : <KindName of={cell} />),
  },
  { heading: 'Account', cell: (cell) => <Clip text={cell.account} /> },
  { heading: 'Region', cell: (cell) => <Clip text={cell.region_code} /> },
  {
    heading: 'State',
    cell: ({ state, acceptance_ids }) => {
      if (state === 'complete') return <Status of="complete" />
      const isAccepted = acceptance_ids.length > 0
      return (
        <Status
          of={isAccepted ? 'accepted' : 'incomplete'}
          reason={isAccepted ? `incomplete: ${state}` : state}
        />
      )
    },
    isWhole: true,
  },
  { heading: 'Resources', align: 'right', cell: (cell) => <Counts of={cell} /> },
  {
    heading: 'Last complete',
    cell: (cell) => <Time at={cell.last_receipt_at} never="never" />,
    isWhole: true,
  },
  { heading: 'Next run', cell: (cell) => <Time at={cell.next_run_at} />, isWhole: true, isExtra: true },
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
