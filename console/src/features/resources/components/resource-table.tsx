import { Link } from '@tanstack/react-router'
import { Clip } from '../../../components/ui/clip.tsx'
import { type Column, DataTable } from '../../../components/ui/data-table.tsx'
import { Status } from '../../../components/ui/status.tsx'
import { Time } from '../../../components/ui/time.tsx'
import { kindOf } from '../../../format/kind.ts'
import type { ResourceRow } from '../api/resource.ts'

/** Resources as a list shows them. */
export function ResourceTable({ rows }: { rows: readonly ResourceRow[] }) {
  return <DataTable caption="Resources" columns={COLUMNS} rows={rows} keyOf={(row) => row.cloud_service_id} />
}

const COLUMNS: readonly Column<ResourceRow>[] = [
  {
    heading: 'Name',
    cell: (row) => (
      <>
        <Link to="/resources/$id" params={{ id: row.cloud_service_id }}>
          <Clip text={row.name || row.cloud_service_id} />
        </Link>
        {row.state !== 'ACTIVE' && <Status of={row.state} />}
      </>
    ),
  },
  {
    heading: 'Kind',
    cell: (row) => <span title={kindOf(row)}>{row.cloud_service_type}</span>,
    isWhole: true,
  },
  { heading: 'Region', cell: (row) => <Clip text={row.region_code} />, isExtra: true },
  { heading: 'Account', cell: (row) => <Clip text={row.account} />, isExtra: true },
  { heading: 'Since', cell: (row) => <Time at={row.created_at} />, isWhole: true, isExtra: true },
  { heading: 'Changed', cell: (row) => <Time at={row.updated_at} />, isWhole: true },
]
